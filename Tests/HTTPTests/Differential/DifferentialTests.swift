// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

extension Tag {
    /// Takes longer than a quarter of a second.
    @Tag static var slow: Self
}

/// Our parser against the one of SwiftNIO, on generated and damaged connections.
@Suite struct `Read as NIO reads it` {
    /// How long to go on; `SWITCHYARD_HTTP_FUZZ_SECONDS` in the environment.
    ///
    /// Without it, a fixed number of connections is read, always the same ones.
    private static let seconds = getenv("SWITCHYARD_HTTP_FUZZ_SECONDS").flatMap { Int(String(cString: $0)) }

    /// The first seed, where the time says how many there are; `SWITCHYARD_HTTP_FUZZ_SEED` in the environment.
    private static let seed = (getenv("SWITCHYARD_HTTP_FUZZ_SEED").flatMap { UInt64(String(cString: $0)) }) ?? 1

    @Test(arguments: Difference.all)
    func `Each difference can be seen in its example`(difference: Difference) throws {
        let comparison = Comparison.of(difference.example)
        try #require(!comparison.isEqual, "there is no such difference any more")
        #expect(Difference.first(explaining: comparison)?.name == difference.name)
    }

    @Test(.tags(.slow))
    func `Whatever a connection receives, both make the same of it, but for these differences`() throws {
        var tally = Tally()
        let deadline = Self.seconds.map { ContinuousClock.now + .seconds($0) }
        var seed = deadline == nil ? 1 : Self.seed
        while deadline.map({ ContinuousClock.now < $0 }) ?? (seed <= 3_000) {
            try tally.add(.ofRequests(seed: seed), "requests of seed \(seed)")
            try tally.add(.ofResponses(seed: seed), "responses of seed \(seed)")
            seed += 1
        }
        // Most are damaged; but if hardly any were read to the end, little would have been compared.
        #expect(tally.accepted * 8 > tally.equal + tally.explained.values.reduce(0, +))
        if deadline != nil { print(tally) }
    }

    @Test(.tags(.slow))
    func `Cut in two at any byte, a connection is read as it is in one piece`() {
        for seed in 1...200 as ClosedRange<UInt64> {
            var generator = MessageGenerator(seed: seed)
            let bytes = generator.requests()
            let whole = receiveRequests([bytes])
            let other = bytes.indices.first { receiveRequests([Array(bytes[..<$0]), Array(bytes[$0...])]) != whole }
            #expect(other == nil, "seed \(seed)")
        }
    }
}

/// What the comparisons found.
private struct Tally: CustomStringConvertible {
    /// Both made the same of them.
    private(set) var equal = 0
    /// And took them.
    private(set) var accepted = 0
    /// How often each difference was met.
    private(set) var explained: [String: Int] = [:]

    mutating func add(_ comparison: Comparison, _ name: String) throws {
        if comparison.isEqual {
            equal += 1
            accepted += comparison.ours.error == nil ? 1 : 0
            return
        }
        let found = Difference.first(explaining: comparison)
        let difference = try #require(found, "\(name): \(comparison)")
        explained[difference.name, default: 0] += 1
    }

    var description: String {
        let lines = Difference.all.map { "\(explained[$0.name] ?? 0) with \($0.name)" }
        return (["\(equal) connections read alike, \(accepted) of them to the end; different ones:"] + lines)
            .joined(separator: "\n")
    }
}
