// SPDX-License-Identifier: Apache-2.0

import Foundation
import ParameterValues
import Synchronization
import Tasklets
import TestSupport
import Testing

@testable import Workloads

@Suite struct `The styles of a front end` {
    private static let requests = 6
    private static let width = 3
    private static let size: [String: ParameterValue] = [
        "fan-out": .number(width), "requests": .number(requests), "delay": 50, "connections": 3,
    ]
    private static let standard: [String: ParameterValue] = ["place": "tasklet", "soften": "none"]

    private static func parameters(_ values: [String: ParameterValue]) -> Parameters {
        Parameters(size.merging(standard) { $1 }.merging(values) { $1 })
    }

    /// Configurations in which synchronous code leaves the processor in another way than tasklets do.
    private static let telling = Configuration.ordered.filter {
        !$0.isThreadPerTasklet && $0.switching != $0.synchronousSwitching
    }

    @Test(arguments: Configuration.all)
    func `All make the right replies, where the scheduler has what they need`(
        configuration: Configuration
    ) throws {
        for combination in Workloads.blockingStyles.combinations {
            let answer = Result {
                try configuration.makeScheduler().run {
                    try await Workloads.blockingStyles.run(Self.parameters(combination), RecordingObserver())
                }
            }
            let needsReactor = combination["style"] != "tasklets"
            let isRefused =
                needsReactor && configuration.isThreadPerTasklet
                || !configuration.waitsSynchronously && (needsReactor || combination["place"] == "frame")
            if isRefused {
                let error = #expect(throws: SchedulerError.self) { try answer.get() }
                #expect(error?.code == .unsupported)
            } else {
                #expect(try answer.get() == Self.requests, "\(combination)")
            }
        }
    }

    /// A style in a place, and the waits of a request that block hard: so many a page, by cause.
    struct Expectation: CustomTestStringConvertible {
        let values: [String: ParameterValue]
        let hard: [SwitchCause: UInt64]

        init(_ style: String, _ place: WaitPlace, _ softening: Softening = .none, hard: [SwitchCause: UInt64]) {
            values = ["style": .word(style), "place": .word(place.rawValue), "soften": .word(softening.rawValue)]
            self.hard = hard
        }

        var testDescription: String { values.values.map(\.description).sorted().joined(separator: " ") }
    }

    private static let expectations = [
        Expectation("callbacks", .tasklet, hard: [:]), Expectation("one-shot", .tasklet, hard: [:]),
        Expectation("tasklets", .tasklet, hard: [:]), Expectation("block-on", .tasklet, hard: [.send: 1]),
        Expectation("block-on", .frame, hard: [.send: 1, .receive: 1]),
        Expectation("one-shot", .frame, hard: [.oneShot: 1]),
        Expectation("tasklets", .frame, hard: [.receive: 1]),
        Expectation("block-on", .tasklet, .queuedHandOver, hard: [:]),
        Expectation("block-on", .tasklet, .callbackTasklets, hard: [:]),
        Expectation("block-on", .frame, .queuedHandOver, hard: [.receive: 1]),
        Expectation("block-on", .frame, .callbackTasklets, hard: [.receive: 1]),
        Expectation("one-shot", .frame, .fastPath, hard: [:]),
    ]

    @Test(arguments: telling, expectations)
    func `Switch hard once a page for each wait in synchronous code`(
        configuration: Configuration,
        expectation: Expectation
    ) throws {
        let observer = SwitchObserver()
        _ = try configuration.makeScheduler().run {
            try await Workloads.blockingStyles.run(Self.parameters(expectation.values), observer)
        }
        let pages = UInt64(Self.requests * Self.width)
        #expect(observer.causes(of: configuration.synchronousSwitching) == expectation.hard.mapValues { $0 * pages })
    }

    @Test(
        arguments: [
            (["style": "callbacks", "place": "frame"], "callbacks cannot wait in a synchronous frame"),
            (["style": "one-shot", "soften": "queued-hand-over"], "only style=block-on has them"),
            (["style": "tasklets", "soften": "callback-tasklets"], "only style=block-on has them"),
            (["style": "one-shot", "soften": "fast-path"], "soften=fast-path is for place=frame"),
            (["style": "block-on", "place": "frame", "soften": "fast-path"], "style=one-shot, whose page"),
        ] as [([String: ParameterValue], String)]
    )
    func `Values that mean nothing together are unsupported, with the reason`(
        values: [String: ParameterValue],
        reason: String
    ) throws {
        let error = #expect(throws: WorkloadUnsupported.self) {
            try Configuration.all[0].makeScheduler().run {
                try await Workloads.blockingStyles.run(Self.parameters(values), RecordingObserver())
            }
        }
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }
}

@Suite struct `The lines of code of a style` {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
        path: "../../Sources/Workloads/BlockingStyles"
    )

    /// Counts the lines between the brackets of a file, each a declaration that ends in `#line`.
    private static func sections(_ name: String) throws -> [Int] {
        let text = try String(contentsOf: folder.appending(path: "\(name).swift"), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let brackets = lines.indices.filter { lines[$0].contains("= #line") }
        return zip(brackets, brackets.dropFirst()).map { from, to in
            lines[(from + 1)..<to].count { !$0.isEmpty && !$0.hasPrefix("//") }
        }
    }

    private static func noted(_ style: String, _ place: String) throws -> Int {
        let observer = RecordingObserver()
        let parameters = Parameters([
            "style": .word(style), "place": .word(place), "soften": "none", "fan-out": 1, "requests": 1, "delay": 1,
            "connections": 1,
        ])
        _ = try Configuration.ordered[0].makeScheduler().run {
            try await Workloads.blockingStyles.run(parameters, observer)
        }
        return Int(try #require(observer.figures[.linesOfCode]))
    }

    @Test(arguments: [("tasklets", "Tasklets"), ("block-on", "BlockOn"), ("one-shot", "OneShot")])
    func `Are those of its source, and of what all have in common that wait in tasklets`(
        style: String,
        file: String
    ) throws {
        let common = try #require(try Self.sections("TaskletAPage").first)
        let own = try Self.sections("\(file)FrontEnd")
        #expect(try ["tasklet", "frame"].map { try Self.noted(style, $0) } == own.map { common + $0 })
    }

    @Test func `Of callbacks, are those of its source alone`() throws {
        #expect(try [Self.noted("callbacks", "tasklet")] == Self.sections("CallbacksFrontEnd"))
    }

    @Test func `Are not noted of a style that is softened`() throws {
        let observer = RecordingObserver()
        let parameters = Parameters([
            "style": "block-on", "place": "tasklet", "soften": "queued-hand-over", "fan-out": 1, "requests": 1,
            "delay": 1, "connections": 1,
        ])
        _ = try Configuration.ordered[0].makeScheduler().run {
            try await Workloads.blockingStyles.run(parameters, observer)
        }
        #expect(observer.figures[.linesOfCode] == nil)
    }
}

/// Reads the scheduler's counters when the timed region begins and ends.
private final class SwitchObserver: Observer {
    private let recording = RecordingObserver()
    private let counters = Mutex<[SchedulerCounters]>([])

    /// The switches in between by one mechanism; causes that did not occur are left out.
    func causes(of mechanism: Switching) -> [SwitchCause: UInt64] {
        let both = counters.withLock(\.self).map { $0.details[mechanism] ?? [:] }
        guard both.count == 2 else { return [:] }
        return both[1].merging(both[0]) { $0 - $1 }.filter { $0.value > 0 }
    }

    func mark(_ moment: Moment) { counters.withLock { $0.append(Tasklet.scheduler.counters) } }
    func record(_ waits: [UInt64], as series: Series) {}
    func note(_ figure: NamedFigure, _ value: Double) {}
    func load(_ program: LoadProgram) throws -> LoadGenerator { try recording.load(program) }
    func keepingBusy<R>(_ body: () async throws -> R) async throws -> R? { try await body() }
}
