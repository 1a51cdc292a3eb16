// SPDX-License-Identifier: Apache-2.0

/// The mutex of a concurrent scheduler; on an ordered scheduler, where one tasklet runs at a time, nothing.
///
/// Locking and unlocking need not be in one function, as `Synchronization.Mutex` demands: a tasklet that parks takes
/// the lock, and the loop that gets the processor back, on the same thread, releases it.
///
/// It is recursive: callbacks run with it held, and may look at tasklets and channels.
///
/// Threads are woken after it has been released. Woken before, they would block on it at once, which costs two more
/// switches for each on one processor.
@usableFromInline
package struct SchedulerLock: @unchecked Sendable {
    // SAFETY: made in `init(unparking:)`, and valid until `deallocate`, which the owner calls last. `parts` does not
    // change, and what it points to is touched with the mutex held.
    private let parts: UnsafeMutablePointer<Parts>?

    private struct Parts {
        let mutex = RecursiveMutex()
        let unpark: (NodePointer) -> Void
        let holder: UnsafeMutablePointer<Holder>
    }

    /// What the thread that holds the mutex keeps.
    private struct Holder {
        /// How often it has locked the mutex.
        var depth = 0
        /// Tasklets whose threads are to be woken; their links are free, since they are in no other queue.
        var toWake = WaitQueue()
    }

    /// The lock of an ordered scheduler.
    static let none = SchedulerLock()

    private init() { parts = nil }

    /// Makes a mutex.
    ///
    /// - Parameter parking: wakes the threads of tasklets given to ``wakeAfterUnlock(_:)``; outlives the lock.
    package init(unparking parking: any ThreadParking) {
        let holder = UnsafeMutablePointer<Holder>.allocate(capacity: 1)
        holder.initialize(to: Holder())
        let parts = UnsafeMutablePointer<Parts>.allocate(capacity: 1)
        parts.initialize(to: Parts(unpark: { [unowned parking] in parking.unpark($0) }, holder: holder))
        self.parts = parts
    }

    package func deallocate() {
        guard let parts else { return }
        parts.pointee.mutex.deallocate()
        parts.pointee.holder.deallocate()
        parts.deinitialize(count: 1)
        parts.deallocate()
    }

    @inline(__always) package func lock() {
        guard let parts else { return }
        parts.pointee.mutex.lock()
        parts.pointee.holder.pointee.depth &+= 1
    }

    @inline(__always) package func unlock() {
        if let parts { Self.unlock(parts) }
    }

    @inline(never) private static func unlock(_ parts: UnsafeMutablePointer<Parts>) {
        let holder = parts.pointee.holder
        holder.pointee.depth &-= 1
        // A callback's own use of the lock ends within another: what it has woken may not have parked yet.
        guard holder.pointee.depth == 0 else { return parts.pointee.mutex.unlock() }
        var toWake = holder.pointee.toWake
        if toWake.first != nil { holder.pointee.toWake = WaitQueue() }
        parts.pointee.mutex.unlock()
        // A node's links are read before its thread is woken, and not after.
        while let node = toWake.popFirst() { parts.pointee.unpark(node) }
    }

    /// With the lock held: wakes the tasklet's thread when the lock is released.
    package func wakeAfterUnlock(_ node: NodePointer) { parts?.pointee.holder.pointee.toWake.append(node) }
}
