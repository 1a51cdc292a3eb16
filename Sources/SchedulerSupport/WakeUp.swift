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
///
/// Between clearing the flag and writing, that thread may be held up, and something else may end the wait. So the loop
/// counts the writes that were announced, and after every wait reads until it has seen as many: a late write that was
/// never read back would end each later wait at once.
package final class WakeUp: @unchecked Sendable {
    // SAFETY: `unreadWrites` belongs to the loop's thread; the rest is atomic, or does not change.
    /// Readable after a ``signal()`` during a wait.
    package let descriptor: CInt
    private let readsBack: Bool
    private let isWaiting = Atomic<Bool>(false)
    private let writes = Atomic<UInt64>(0)
    private let reads = Atomic<UInt64>(0)
    /// Writes that other threads have announced, by clearing the flag, and that have not been read back yet.
    private var unreadWrites = 0

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
        if !isWaiting.exchange(false, ordering: .sequentiallyConsistent) { unreadWrites += 1 }
        if readsBack, unreadWrites > 0 { drain() }
    }

    /// Ends a wait in progress.
    ///
    /// From any thread, after publishing what the loop is to find.
    package func signal() {
        if announcesWrite() { write() }
    }

    /// The first step of ``signal()``: whether the loop waits, and the caller is the one that has to ``write()``.
    package func announcesWrite() -> Bool { isWaiting.exchange(false, ordering: .sequentiallyConsistent) }

    /// The second step, once for each announcement, at any later time.
    package func write() {
        writes.add(1, ordering: .relaxed)
        Syscall.expect("write") { linux_eventfd_signal(descriptor) }
    }

    /// Reads the writes that have come; a write that has not come yet ends a later wait early.
    private func drain() {
        reads.add(1, ordering: .relaxed)
        Syscall.expect("read") {
            let count = linux_eventfd_drain(descriptor)
            if count > 0 { unreadWrites -= Int(count) }
            return count
        }
    }

    /// System calls so far, by name.
    package var systemCalls: [String: UInt64] {
        ["write": writes.load(ordering: .relaxed), "read": reads.load(ordering: .relaxed)]
    }
}
