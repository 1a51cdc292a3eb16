// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Synchronization
package import Tasklets

/// Ends a loop's wait from other threads: a flag and an eventfd.
///
/// The race, from both sides. The loop says that it is about to wait, *then* looks once more whether there is work, and
/// only then waits. Another thread publishes its work, *then* looks whether the loop waits, and only then writes. The
/// stores and loads are sequentially consistent, so at least one of the two sees the other: a wake-up is not lost. The
/// flag is cleared by the thread that writes, so many wake-ups cost one write; a loop that runs costs none.
package final class WakeUp: Sendable {
    /// Readable after a ``signal()`` during a wait.
    package let descriptor: CInt
    private let readsBack: Bool
    private let isWaiting = Atomic<Bool>(false)
    private let writes = Atomic<UInt64>(0)
    private let reads = Atomic<UInt64>(0)

    /// Makes an eventfd.
    ///
    /// - Parameter readsBack: whether it has to be set back to 0 after a wake-up; not where it is waited for
    ///   edge-triggered, which saves a system call (libevent does the same).
    /// - Throws: ``SchedulerError`` with code `system` when there is no descriptor left.
    package init(readsBack: Bool) throws(SchedulerError) {
        self.readsBack = readsBack
        descriptor = try Syscall.perform("eventfd") { linux_eventfd() } ?? -1
    }

    deinit { linux_close(descriptor) }

    /// Waits by calling `wait`, unless there is work already.
    ///
    /// - Parameters:
    ///   - hasWork: whether another thread has published something.
    ///   - wait: blocks until ``descriptor`` is readable, or for another reason.
    package func wait(unless hasWork: () -> Bool, _ wait: () -> Void) {
        isWaiting.store(true, ordering: .sequentiallyConsistent)
        if !hasWork() { wait() }
        if !isWaiting.exchange(false, ordering: .sequentiallyConsistent), readsBack { drain() }
    }

    /// Ends a wait in progress.
    ///
    /// From any thread, after publishing what the loop is to find.
    package func signal() {
        guard isWaiting.exchange(false, ordering: .sequentiallyConsistent) else { return }
        writes.add(1, ordering: .relaxed)
        Syscall.expect("write") { linux_eventfd_signal(descriptor) }
    }

    /// Another thread has cleared the flag, and so has written, or is about to: then the next wait returns early.
    private func drain() {
        reads.add(1, ordering: .relaxed)
        Syscall.expect("read") { linux_eventfd_drain(descriptor) }
    }

    /// System calls so far, by name.
    package var systemCalls: [String: UInt64] {
        ["write": writes.load(ordering: .relaxed), "read": reads.load(ordering: .relaxed)]
    }
}
