// SPDX-License-Identifier: Apache-2.0

import CSampling
import FoundationEssentials
import Glibc
import Tasklets

@testable import Profiling

/// A program under a profiler whose signals arrive as often as possible.
enum Storm {
    /// The number of samples in a round.
    static let samples = 500
    /// How long to repeat rounds; 0 for a single one.
    static let seconds = getenv("SWITCHYARD_SAMPLING_SECONDS").flatMap { Int(String(cString: $0)) } ?? 0
    static var isLong: Bool { seconds > 0 }
    /// The names of the program's tasklets.
    static let names: Set = ["main", "echo", "short", "victim"]

    private struct NoSender: Error {}

    static func round(_ configuration: SampledConfiguration) throws -> StormCounts {
        let scheduler = try configuration.makeScheduler()
        let path = "\(FileManager.default.temporaryDirectory.path)/switchyard-\(UInt64.random(in: 0...(.max))).prof"
        defer { unlink(path) }
        // Room for twice the samples, each with the longest stack.
        let profiler = try CPUProfiler(frequency: 100, capacity: 2 * samples * 256)
        try profiler.start(scheduler, writingTo: path)
        profiler.resume()
        guard storm_begin(CInt(samples)) else { throw NoSender() }
        let outcome = Result { try onPlainThread { try run(on: scheduler, configuration.waitsSynchronously) } }
        var counts = StormCounts(signals: Int(storm_end()))
        profiler.stop()
        for stack in profiler.stacks { counts.add(stack, names: CPUProfiler.labels) }
        counts.lost = profiler.lost
        try outcome.get()
        return counts
    }

    /// Tasklets that switch, start and end, until there are enough samples.
    private static func run(on scheduler: any Scheduler, _ waitsSynchronously: Bool) throws {
        try scheduler.run {
            let questions = Channel<Int>()
            let answers = Channel<Int>()
            let echo = Tasklet.spawn("echo") {
                while true {
                    let question = try await questions.receive()
                    storm_on_this_thread()
                    try await answers.send(question)
                    storm_on_this_thread()
                }
            }
            while !storm_is_over() {
                try await ask(questions, answers)
                if waitsSynchronously { _ = try [2].map { try askSynchronously($0, questions, answers) } }
                try await Tasklet.spawn("short") { storm_on_this_thread() }.join()
                storm_on_this_thread()
                let victim = Tasklet.spawn("victim") {
                    storm_on_this_thread()
                    _ = try await Channel<Int>().receive()
                }
                try await Tasklet.schedule()
                try await victim.kill()
                storm_on_this_thread()
            }
            try await echo.kill()
        }
    }

    // A wait may end on another thread.

    private static func ask(_ questions: Channel<Int>, _ answers: Channel<Int>) async throws {
        storm_on_this_thread()
        try await questions.send(1)
        storm_on_this_thread()
        _ = try await answers.receive()
        storm_on_this_thread()
    }

    private static func askSynchronously(
        _ number: Int,
        _ questions: Channel<Int>,
        _ answers: Channel<Int>
    ) throws -> Int {
        storm_on_this_thread()
        try questions.send(number)
        storm_on_this_thread()
        defer { storm_on_this_thread() }
        return try answers.receive()
    }
}
