// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Lets one run at a time use a scheduler, and other threads act between runs.
final class RunGate: @unchecked Sendable {
    // SAFETY: the flag is atomic, and the mutex is thread-safe.
    private let isOpen = Atomic<Bool>(false)
    /// Held while a run begins, and while another thread acts though none is in progress.
    ///
    /// Recursive: closing a stream may drop the last reference to another.
    private let beginning = RecursiveMutex()

    deinit { beginning.deallocate() }

    /// Begins a run, unless one is in progress.
    func begin() -> Bool {
        beginning.withLock { !isOpen.exchange(true, ordering: .acquiringAndReleasing) }
    }

    func end() { isOpen.store(false, ordering: .sequentiallyConsistent) }

    /// Whether a run is in progress.
    var isRunning: Bool { isOpen.load(ordering: .sequentiallyConsistent) }

    /// Calls `body` unless a run is in progress; a run that is about to begin waits until it returns.
    ///
    /// Returns whether it was called.
    func performBetweenRuns(_ body: () -> Void) -> Bool {
        beginning.withLock {
            guard !isOpen.load(ordering: .acquiring) else { return false }
            body()
            return true
        }
    }
}
