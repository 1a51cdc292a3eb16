// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A descriptor that threads use at the same time, and that one of them may close.
///
/// The kernel reuses a closed descriptor's number for the next one; a thread about to make a call with it would read
/// from, or write to, another connection. So the descriptor is closed when no call is in progress any more, by the
/// thread that ends the last use. Go's `fdMutex` does the same.
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

    /// Ends a use that ``begin()`` began.
    ///
    /// Returns the number if it is to be closed now.
    package func end() -> CInt? {
        uses.subtract(2, ordering: .acquiringAndReleasing).newValue == 1 ? number : nil
    }

    /// Lets no further use begin.
    ///
    /// Returns the number if it is to be closed now. Called once.
    package func close() -> CInt? {
        uses.add(1, ordering: .acquiringAndReleasing).oldValue == 0 ? number : nil
    }
}
