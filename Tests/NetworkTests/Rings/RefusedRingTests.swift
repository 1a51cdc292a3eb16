// SPDX-License-Identifier: Apache-2.0

import Backends
import Glibc
import Tasklets
import TestSupport
import Testing

/// A kernel, or a rule of the system's, that refuses io_uring.
@Suite struct `A ring that is refused` {
    @Test(arguments: [
        (ENOSYS, "has no io_uring"), (EPERM, "forbidden"), (EACCES, "forbidden"), (ENOMEM, "no memory"),
        (EINVAL, "too old"),
    ])
    func `The backend is unsupported, says why, and others work on`(code: CInt, reason: String) async throws {
        let (error, sum) = try await onItsOwnThread {
            // The filter stays with the thread.
            try Refusal.begin(of: Refusal.ringSetUp, with: code)
            let error = Self.refusal
            return (error, try Backend.epoll.makeScheduler().run { 1 + 1 })
        }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "none")")
        #expect(error?.message.contains("use epoll") == true)
        #expect(sum == 2)
    }

    @Test func `Where no descriptor is left, that is said`() async throws {
        let error = try await onItsOwnThread {
            try Refusal.begin(of: Refusal.ringSetUp, with: EMFILE)
            return Self.refusal
        }
        #expect(error?.code == .system)
        #expect(error?.message.contains("Too many open files") == true)
    }

    private static var refusal: SchedulerError? {
        do {
            _ = try Backend.ioUring.makeScheduler()
            return nil
        } catch { return error as? SchedulerError }
    }
}
