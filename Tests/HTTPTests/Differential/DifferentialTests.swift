// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

extension Tag {
    /// Takes more than a quarter of a second.
    @Tag static var slow: Self
}

/// Compares our parser with SwiftNIO's on generated and corrupted connections.
@Suite struct `Agreement with SwiftNIO` {
    /// How long to fuzz, from `SWITCHYARD_HTTP_FUZZ_SECONDS` in the environment.
    ///
    /// Without it, the test compares a fixed number of connections, always the same.
    private static let seconds = getenv("SWITCHYARD_HTTP_FUZZ_SECONDS").flatMap { Int(String(cString: $0)) }

    /// The first seed of a timed run, from `SWITCHYARD_HTTP_FUZZ_SEED` in the environment.
    private static let seed = (getenv("SWITCHYARD_HTTP_FUZZ_SEED").flatMap { UInt64(String(cString: $0)) }) ?? 1

    @Test(arguments: KnownDifference.all)
    func `Each known difference shows in its example`(difference: KnownDifference) throws {
        let comparison = Comparison.of(difference.example)
        try #require(!comparison.isEqual, "this difference no longer exists")
        #expect(KnownDifference.first(explaining: comparison)?.name == difference.name)
    }

    @Test(.tags(.slow))
    func `Both parsers read any connection alike, except for known differences`() throws {
        var tally = Tally()
        let deadline = Self.seconds.map { ContinuousClock.now + .seconds($0) }
        var seed = deadline == nil ? 1 : Self.seed
        while deadline.map({ ContinuousClock.now < $0 }) ?? (seed <= 3_000) {
            try tally.add(.ofRequests(seed: seed), "requests of seed \(seed)")
            try tally.add(.ofResponses(seed: seed), "responses of seed \(seed)")
            seed += 1
        }
        // Most connections are corrupted; but if hardly any were accepted, little would have been compared.
        #expect(tally.accepted * 8 > tally.equal + tally.explained.values.reduce(0, +))
        if deadline != nil { print(tally) }
    }

    @Test(.tags(.slow))
    func `A connection split at any byte is read as it is in one piece`() {
        for seed in 1...200 as ClosedRange<UInt64> {
            var generator = MessageGenerator(seed: seed)
            let bytes = generator.requests()
            let whole = receiveRequests([bytes])
            let other = bytes.indices.first { receiveRequests([Array(bytes[..<$0]), Array(bytes[$0...])]) != whole }
            #expect(other == nil, "seed \(seed)")
        }
    }
}

/// Counts what the comparisons found.
private struct Tally: CustomStringConvertible {
    /// Connections that both parsers read alike.
    private(set) var equal = 0
    /// Those of them that both accepted.
    private(set) var accepted = 0
    /// How often each known difference was found.
    private(set) var explained: [String: Int] = [:]

    mutating func add(_ comparison: Comparison, _ name: String) throws {
        if comparison.isEqual {
            equal += 1
            accepted += comparison.ours.error == nil ? 1 : 0
            return
        }
        let found = KnownDifference.first(explaining: comparison)
        let difference = try #require(found, "\(name): \(comparison)")
        explained[difference.name, default: 0] += 1
    }

    var description: String {
        let lines = KnownDifference.all.map { "\(explained[$0.name] ?? 0) with \($0.name)" }
        return (["\(equal) connections read alike, \(accepted) of them to the end; different ones:"] + lines)
            .joined(separator: "\n")
    }
}
