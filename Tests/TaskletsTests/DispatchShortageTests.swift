// SPDX-License-Identifier: Apache-2.0

import Backends
import Glibc
import Tasklets
import TestSupport
import Testing

/// Each in a process of its own: libdispatch opens its descriptors once, and limits apply to the whole process.
@Suite struct `Dispatch, when threads or descriptors have run out` {
    private static let configurations = Configuration.all.filter { $0.backend == .dispatch }

    @Test func `Refuses its first run where no descriptor is left for its timers`() async {
        await #expect(processExitsWith: .success) {
            let schedulers = try Self.configurations.map { try $0.makeScheduler() }
            var limit = rlimit()
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            for scheduler in schedulers {
                let error = await schedulerError { _ = try await onItsOwnThread { try scheduler.run { 1 } } }
                let expected = "no descriptor is left for Dispatch's timers: Too many open files"
                guard error?.message == expected else { fatalError("\(String(describing: error))") }
            }
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
