// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// References to a scheduler that are held in stock, for tasklets to take and to return.
///
/// A tasklet keeps its scheduler for as long as something keeps the tasklet. Counting that reference takes two atomic
/// operations in a tasklet's life; here it takes none, because the stock is touched in the scheduler's order only. A
/// tasklet that is made or freed elsewhere counts its reference itself.
///
/// The stock is given up when a run ends, so that it keeps no scheduler alive that nobody uses.
package struct CoreReferences {
    private static let batch: UInt32 = 1024
    private var stock: UInt32 = 0

    /// Takes a reference for a tasklet of this scheduler.
    ///
    /// - Parameter core: its address, and in the other functions: the compiler would count a reference.
    @inline(__always) mutating func take(to core: UnsafeMutableRawPointer) {
        if stock == 0 { refill(core) }
        stock -= 1
    }

    /// A tasklet has been freed, and returns its reference.
    @inline(__always) mutating func giveBack() { stock += 1 }

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
    /// - Parameter isInOrder: as ``SchedulerCore/isInOrder``, and on a concurrent scheduler with the lock held.
    @inline(__always) func takeCoreReference(isInOrder: Bool) {
        guard isInOrder else { return sw_retain(pointee.identity) }
        pointee.coreReferences.take(to: pointee.identity)
    }

    /// Returns the reference that a tasklet kept, which has been freed: on any thread, the lock held or not.
    @inline(__always) func returnCoreReference() {
        // On a concurrent scheduler the order is the lock's, which may be held here already.
        guard pointee.concurrent == nil, sw_scheduler() == pointee.identity else {
            return sw_release(pointee.identity)
        }
        pointee.coreReferences.giveBack()
    }
}
