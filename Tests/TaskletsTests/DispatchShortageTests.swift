// SPDX-License-Identifier: Apache-2.0

import Backends
import Glibc
import Tasklets
import TestSupport
import Testing

/// Each in a process of its own: libdispatch opens its descriptors once, and limits apply to the whole process.
@Suite struct `Dispatch, when threads or descriptors have run out` {
    private static let configurations = Configuration.all.filter {
        [.dispatch, .swiftConcurrency].contains($0.backend)
    }

    @Test func `Refuses its first run where no descriptor is left for its timers and sockets`() async {
        await #expect(processExitsWith: .success) {
            let schedulers = try Self.configurations.map { try $0.makeScheduler() }
            // Only for as long as the runs take: Dispatch itself ends a process that has none, once a second, if a
            // task then waits for a thread.
            let errors = try await onItsOwnThread {
                let limit = try descriptorLimit(0)
                defer { _ = try? descriptorLimit(limit) }
                return schedulers.map { scheduler -> SchedulerError? in
                    do { try scheduler.run {} } catch { return error as? SchedulerError }
                    return nil
                }
            }
            let expected = "no descriptor is left for Dispatch's timers and sockets: Too many open files"
            guard errors.allSatisfy({ $0?.message == expected }) else { fatalError("\(errors)") }
        }
    }

    @Test func `Refuses its first run where no thread is left`() async {
        await #expect(processExitsWith: .success) {
            let schedulers = try Self.configurations.map { try $0.makeScheduler() }
            try await onItsOwnThread {
                let shortage = ThreadShortage()
                for scheduler in schedulers {
                    do {
                        try scheduler.run {}
                        fatalError("nothing was refused")
                    } catch let error as SchedulerError {
                        guard error.message.contains("no thread is left for Dispatch's timers") else { throw error }
                    }
                }
                shortage.end()
                for scheduler in schedulers { try scheduler.run {} }
            }
        }
    }
}

/// Sets the soft limit on descriptors, and returns the one before.
private func descriptorLimit(_ number: rlim_t) throws -> rlim_t {
    var limit = rlimit()
    try #require(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
    let before = limit.rlim_cur
    limit.rlim_cur = number
    try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
    return before
}
