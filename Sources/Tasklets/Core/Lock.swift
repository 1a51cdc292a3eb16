// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The mutex of an unordered scheduler.
///
/// Locking and unlocking need not be in one function, as `Synchronization.Mutex` demands: a tasklet that parks takes it,
/// and the loop that it leaves the processor to, on the same thread, releases it.
///
/// It is recursive: callbacks are called with it held, and may look at tasklets and channels.
///
/// Threads that are to go on are woken after it has been released: woken before, they would run straight into it, and
/// on one processor that costs two switches more for each.
@usableFromInline
package struct Lock: @unchecked Sendable {
    // SAFETY: made in `init`, and lives until `deallocate`, which the owner calls when nobody uses it.
    private let box: UnsafeMutablePointer<Box>

    private struct Box {
        var mutex = pthread_mutex_t()
        /// Tasklets whose threads are to be woken; their links are free, since they are in no other list.
        var toWake = WaitQueue()
        let wake: (NodePointer) -> Void
    }

    /// Makes a lock.
    ///
    /// - Parameter wake: wakes the thread of a tasklet that was given to ``wakeAfterUnlock(_:)``.
    package init(wake: @escaping (NodePointer) -> Void) {
        box = .allocate(capacity: 1)
        box.initialize(to: Box(wake: wake))
        var attributes = pthread_mutexattr_t()
        pthread_mutexattr_init(&attributes)
        pthread_mutexattr_settype(&attributes, CInt(PTHREAD_MUTEX_RECURSIVE))
        pthread_mutex_init(&box.pointee.mutex, &attributes)
        pthread_mutexattr_destroy(&attributes)
    }

    package func deallocate() {
        pthread_mutex_destroy(&box.pointee.mutex)
        box.deinitialize(count: 1)
        box.deallocate()
    }

    @usableFromInline package func lock() { pthread_mutex_lock(&box.pointee.mutex) }

    @usableFromInline package func unlock() {
        var toWake = box.pointee.toWake
        if toWake.first != nil { box.pointee.toWake = WaitQueue() }
        pthread_mutex_unlock(&box.pointee.mutex)
        // A node's links are read before its thread is woken, and not after.
        while let node = toWake.popFirst() { box.pointee.wake(node) }
    }

    /// With the lock held: has the tasklet's thread woken when it is released.
    package func wakeAfterUnlock(_ node: NodePointer) { box.pointee.toWake.append(node) }
}
