// SPDX-License-Identifier: Apache-2.0

import Backends
import Foundation
import Glibc
import Tasklets
import TestSupport
import Testing

/// Making an epoll scheduler where the kernel gives it an instance, and then refuses to watch anything.
@Suite struct `An epoll scheduler that cannot be made` {
    @Test func `Throws, and leaves no descriptor open`() async {
        await #expect(processExitsWith: .success) {
            let attempts = 100
            // The filter stays with the thread.
            let (before, after) = try await onItsOwnThread {
                let before = try Self.descriptorCount
                try Refusal.begin(of: Refusal.epollControl, with: ENOSPC)
                for _ in 0..<attempts { try Self.failToMakeScheduler() }
                return (before, try Self.descriptorCount)
            }
            // Others may have opened one or two.
            if after >= before + attempts { fatalError("\(before) descriptors before, \(after) after") }
        }
    }

    private static func failToMakeScheduler() throws {
        do {
            _ = try Backend.epoll.makeScheduler()
            fatalError("the scheduler was made")
        } catch let error as SchedulerError {
            if error.code != .system || !error.message.contains("epoll_ctl") { fatalError("\(error)") }
        }
    }

    private static var descriptorCount: Int {
        get throws { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
    }
}
