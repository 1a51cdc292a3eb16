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
    // SAFETY: made in `init(unparking:)`, and valid until `deallocate`, which the owner calls last.
    private let box: UnsafeMutablePointer<Box>?

    private struct Box {
        let mutex = RecursiveMutex()
        /// How often the thread that holds the mutex has locked it.
        var depth = 0
        /// Tasklets whose threads are to be woken; their links are free, since they are in no other queue.
        var toWake = WaitQueue()
        let unpark: (NodePointer) -> Void
    }

    /// The lock of an ordered scheduler.
    static let none = SchedulerLock()

    private init() { box = nil }

    /// Makes a mutex.
    ///
    /// - Parameter parking: wakes the threads of tasklets given to ``wakeAfterUnlock(_:)``; outlives the lock.
    package init(unparking parking: any ThreadParking) {
        let box = UnsafeMutablePointer<Box>.allocate(capacity: 1)
        box.initialize(to: Box(unpark: { [unowned parking] in parking.unpark($0) }))
        self.box = box
    }

    package func deallocate() {
        guard let box else { return }
        box.pointee.mutex.deallocate()
        box.deinitialize(count: 1)
        box.deallocate()
    }

    @inline(__always) package func lock() {
        guard let box else { return }
        box.pointee.mutex.lock()
        box.pointee.depth &+= 1
    }

    @inline(__always) package func unlock() {
        if let box { Self.unlock(box) }
    }

    @inline(never) private static func unlock(_ box: UnsafeMutablePointer<Box>) {
        box.pointee.depth &-= 1
        // A callback's own use of the lock ends within another: what it has woken may not have parked yet.
        guard box.pointee.depth == 0 else { return box.pointee.mutex.unlock() }
        var toWake = box.pointee.toWake
        if toWake.first != nil { box.pointee.toWake = WaitQueue() }
        box.pointee.mutex.unlock()
        // A node's links are read before its thread is woken, and not after.
        while let node = toWake.popFirst() { box.pointee.unpark(node) }
    }

    /// With the lock held: wakes the tasklet's thread when the lock is released.
    package func wakeAfterUnlock(_ node: NodePointer) { box?.pointee.toWake.append(node) }
}
