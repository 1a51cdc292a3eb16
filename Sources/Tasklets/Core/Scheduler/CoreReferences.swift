// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// References to a scheduler that are held in stock, for tasklets to take and to return.
///
/// A tasklet keeps its scheduler for as long as something keeps the tasklet. Counting that reference takes two atomic
/// operations in a tasklet's life. The stock takes none on an ordered scheduler, because it is touched in the order of
/// that only; on a concurrent one it spares the first, under the lock. A tasklet that is made or freed elsewhere counts
/// its reference itself.
///
/// The stock is given up when a run ends, so that it keeps no scheduler alive that nobody uses: after the run's last
/// ``ThreadScope``, or a later return would fill it again, and before the gate opens for the next run.
package struct CoreReferences {
    private static let batch: UInt32 = 1024
    /// What is kept at most: tasklets made on other threads return references that were never taken here.
    private static let most = 2 * batch
    private var stock: UInt32 = 0

    /// Takes a reference for a tasklet of this scheduler.
    ///
    /// - Parameter core: its address, here and below; a parameter of its type would be counted.
    @inline(__always) mutating func take(to core: UnsafeMutableRawPointer) {
        if stock == 0 { refill(core) }
        stock -= 1
    }

    /// A tasklet has been freed, and returns its reference.
    @inline(__always) mutating func giveBack(to core: UnsafeMutableRawPointer) {
        stock += 1
        if stock == Self.most { trim(core) }
    }

    @inline(never) private mutating func trim(_ core: UnsafeMutableRawPointer) {
        stock -= Self.batch
        sw_release_times(core, Self.batch)
    }

    @inline(never) private mutating func refill(_ core: UnsafeMutableRawPointer) {
        sw_retain_times(core, Self.batch)
        stock = Self.batch
    }

    /// Gives up the stock; the caller keeps the scheduler meanwhile.
    mutating func giveUp(_ core: UnsafeMutableRawPointer) {
        let count = stock
        stock = 0
        if count > 0 { sw_release_times(core, count) }
    }
}

extension UnsafeMutablePointer<SchedulerState> {
    /// Takes the reference that a new tasklet keeps to its scheduler.
    ///
    /// - Parameter isInOrder: whether nothing else touches the scheduler: the caller is in its order, holds the lock of a
    ///   concurrent one, or is about to start a run.
    @inline(__always) func takeCoreReference(isInOrder: Bool) {
        guard isInOrder else { return sw_retain(pointee.identity) }
        pointee.coreReferences.take(to: pointee.identity)
    }

    /// Returns the reference that a tasklet kept, which has been freed: on any thread, the lock held or not.
    @inline(__always) func returnCoreReference() {
        guard isInOrderHere else { return sw_release(pointee.identity) }
        pointee.coreReferences.giveBack(to: pointee.identity)
    }

    /// Whether the caller, which may not take the lock, is known to be in the scheduler's order.
    ///
    /// On a concurrent scheduler the order is the lock's, which may be held here already.
    @inline(__always) var isInOrderHere: Bool { pointee.concurrent == nil && sw_scheduler() == pointee.identity }
}
