// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A descriptor that threads use at the same time, and that one of them may close.
///
/// The kernel gives a closed descriptor's number to the next that is opened; a thread about to make a call with it would
/// read from, or write to, somebody else's connection. So it is closed when nobody is in a call any more: whoever ends
/// the last use of a closed one gives it up. Go's `fdMutex` does the same.
package struct SharedDescriptor: ~Copyable, Sendable {
    private let number: CInt
    /// Twice the number of uses, and 1 once it is closed.
    private let uses = Atomic<UInt32>(0)

    package init(_ number: CInt) { self.number = number }

    /// Whether it has not been closed.
    package var isOpen: Bool { uses.load(ordering: .acquiring) & 1 == 0 }

    /// Begins a use; nil once it is closed.
    package func begin() -> CInt? {
        var before = uses.load(ordering: .relaxed)
        while before & 1 == 0 {
            let (exchanged, found) = uses.weakCompareExchange(
                expected: before,
                desired: before + 2,
                ordering: .acquiringAndReleasing
            )
            if exchanged { return number }
            before = found
        }
        return nil
    }

    /// Ends what ``begin()`` has begun.
    ///
    /// Returns the number if it is to be given up now.
    package func end() -> CInt? {
        uses.subtract(2, ordering: .acquiringAndReleasing).newValue == 1 ? number : nil
    }

    /// Lets no further use begin.
    ///
    /// Returns the number if it is to be given up now. To be called once.
    package func close() -> CInt? {
        uses.add(1, ordering: .acquiringAndReleasing).oldValue == 0 ? number : nil
    }
}
