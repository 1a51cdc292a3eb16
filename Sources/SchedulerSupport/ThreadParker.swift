// SPDX-License-Identifier: Apache-2.0

internal import CLinux
package import Tasklets

/// A futex on which one thread parks: an unpark that comes first is remembered, and the next park returns at once.
package struct ThreadParker {
    private let word: UnsafeMutablePointer<UInt32>

    /// Calls `body` with a parker on the calling thread's stack, which no other thread uses when `body` has returned.
    ///
    /// A thread that unparks it may still be in its system call then; that uses the address and does not dereference
    /// it.
    package static func withParker<R>(_ body: (ThreadParker) -> R) -> R {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1) { words in
            // SAFETY: an allocation of one word has an address.
            let word = words.baseAddress.unsafelyUnwrapped
            word.initialize(to: 0)
            return body(ThreadParker(word: word))
        }
    }

    private init(word: UnsafeMutablePointer<UInt32>) { self.word = word }

    /// Makes a parker that lives until ``deallocate()``.
    package static func allocate() -> ThreadParker {
        let word = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
        word.initialize(to: 0)
        return ThreadParker(word: word)
    }

    package func deallocate() { word.deallocate() }

    /// The parker that is a tasklet's driver record; nil where its thread is not parked.
    package init?(of node: NodePointer) {
        guard let record = node.pointee.driverRecord else { return nil }
        word = record.assumingMemoryBound(to: UInt32.self)
    }

    /// What ``init(of:)`` finds again.
    package var address: UnsafeMutableRawPointer { UnsafeMutableRawPointer(word) }

    /// Blocks the calling thread until ``unpark()``.
    package func park() { _ = wait(until: -1) }

    private func wait(until end: Int64) -> Bool {
        guard TracedCalls.areOn else { return linux_parker_wait(word, end) }
        return TracedCalls.record("futex") { linux_parker_wait(word, end) }
    }

    /// Blocks the calling thread until ``unpark()``, or until a deadline.
    ///
    /// Returns false when the deadline passes first.
    package func park(until deadline: Deadline) -> Bool {
        repeat {
            let end = deadline == .never ? -1 : Int64(clamping: deadline.monotonicNanoseconds)
            if wait(until: end) { return true }
        } while deadline > .now
        return false
    }

    /// From any thread.
    package func unpark() { linux_parker_unpark(word) }
}
