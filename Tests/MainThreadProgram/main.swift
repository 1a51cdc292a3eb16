// SPDX-License-Identifier: Apache-2.0
//
// Runs a scheduler on the main thread, as most programs do: there, `run` has to run the main actor's jobs, too.
//
// Its arguments are the names of a backend and a switching, and a number of workers, 0 for the default; and maybe
// `without-descriptors`, `later-without-descriptors`, or the name of another backend, whose tasklet runs that
// scheduler.

import Backends
import Foundation
import Glibc
import Tasklets

@MainActor final class OnMain {
    var sum = 0

    func add(_ number: Int) { sum += number }

    func add(from numbers: Channel<Int>) async throws {
        let number = try await numbers.receive()
        MainActor.assertIsolated()
        sum += number
    }

    func addSynchronously(from numbers: Channel<Int>) throws {
        sum += try [0].map { _ in try numbers.receive() }[0]
    }
}

guard CommandLine.arguments.count >= 4, let backend = Backend(rawValue: CommandLine.arguments[1]),
    let switching = Switching(rawValue: CommandLine.arguments[2]), let workers = Int(CommandLine.arguments[3])
else { fatalError("usage: MainThreadProgram BACKEND SWITCHING WORKERS") }

let scheduler = try backend.makeScheduler(SchedulerOptions(switching: switching, workers: workers == 0 ? nil : workers))
func forbidMoreDescriptors() {
    // Not even for ppoll(2), which refuses more descriptors than that, and which some backends then have to do without.
    var limit = rlimit()
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
if CommandLine.arguments.last == "later-without-descriptors" {
    alarm(60)
    try scheduler.run {}
    forbidMoreDescriptors()
    Thread.detachNewThread {
        do { print(try scheduler.run { try await Tasklet.sleep(for: .milliseconds(10)) }) } catch { print(error) }
        exit(0)
    }
    while true { pause() }
}
if CommandLine.arguments.last == "without-descriptors" {
    forbidMoreDescriptors()
    do { print(try scheduler.run { 7 }) } catch { print(error) }
    exit(0)
}
if CommandLine.arguments.count > 4, let outer = Backend(rawValue: CommandLine.arguments[4]) {
    let outer = try outer.makeScheduler()
    let onMain = OnMain()
    // Both runs learn of the main actor's work, in either order.
    for _ in 0..<100 { try outer.run { try scheduler.run { await onMain.add(1) } } }
    print(onMain.sum)
    exit(0)
}
let sums = try (1...2).map { _ in
    try scheduler.run {
        let onMain = OnMain()
        let numbers = Channel<Int>()
        let tasklets = (0..<10).map { _ in
            Tasklet.spawn {
                await onMain.add(1)
                try await onMain.add(from: numbers)
            }
        }
        for n in 0..<10 { try await numbers.send(n) }
        for tasklet in tasklets { try await tasklet.join() }
        // A tasklet that waits in synchronous code keeps the main actor: the others must run all the same.
        let waiter = Tasklet.spawn {
            do { try await onMain.addSynchronously(from: numbers) } catch let error as SchedulerError {
                guard error.code == .unsupported else { throw error }
                Tasklet.spawn {
                    let number = try await numbers.receive()
                    await onMain.add(number)
                }
            }
        }
        try await numbers.send(100)
        try await waiter.join()
        while await onMain.sum != 155 { try await Tasklet.schedule() }
        return await onMain.sum
    }
}
print(sums)
