// SPDX-License-Identifier: Apache-2.0

import CSampling
import Tasklets

/// A program whose tasklets leave the processor in every possible way, kept minimal: in a debug build it runs hundreds
/// of thousands of instructions.
enum SteppedProgram {
    /// Returns the sum of the answers.
    ///
    /// - Parameters:
    ///   - waitsSynchronously: whether the tasklets may wait in synchronous code.
    ///   - andTheEnd: whether to keep stepping after main ends, while the scheduler shuts down.
    static func run(on scheduler: any Scheduler, waitsSynchronously: Bool, andTheEnd: Bool) throws -> Int {
        try scheduler.run {
            defer { if !andTheEnd { steps_end() } }
            steps_on_this_thread()
            let questions = Channel<Int>()
            let answers = Channel<Int>()
            let echo = Tasklet.spawn {
                while true {
                    steps_on_this_thread()
                    try await answers.send(questions.receive() + 1)
                }
            }
            try await questions.send(1)
            let first = try await answers.receive()
            let second =
                waitsSynchronously
                ? try askSynchronously(2, questions, answers) : try await ask(2, questions, answers)
            try await Tasklet.sleep(for: .microseconds(1))
            // This may be another thread.
            steps_on_this_thread()
            try await Tasklet.schedule()
            try await echo.kill()
            let last = Tasklet.spawn { steps_on_this_thread() }
            try await last.join()
            // One that nothing refers to at its end.
            Tasklet.spawn { steps_on_this_thread() }
            try await Tasklet.schedule()
            return first + second
        }
    }

    static let sum = 2 + 3

    private static func ask(_ number: Int, _ questions: Channel<Int>, _ answers: Channel<Int>) async throws -> Int {
        try await questions.send(number)
        return try await answers.receive()
    }

    private static func askSynchronously(
        _ number: Int,
        _ questions: Channel<Int>,
        _ answers: Channel<Int>
    ) throws -> Int {
        try [number].map { number in
            try questions.send(number)
            return try answers.receive()
        }[0]
    }
}
