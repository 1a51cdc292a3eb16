// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A mutex whose locking and unlocking need not be in one function: a tasklet that parks takes it, and the loop that it
/// leaves the processor to releases it. `Synchronization.Mutex` cannot do that. Both happen on one thread.
@usableFromInline
package struct Lock: @unchecked Sendable {
    // SAFETY: the mutex is made in `init` and lives until `deallocate`, which the owner calls when nobody uses it.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    package init() {
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
    }

    package func deallocate() {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    @usableFromInline package func lock() { pthread_mutex_lock(mutex) }

    @usableFromInline package func unlock() { pthread_mutex_unlock(mutex) }

    package func withLock<R>(_ body: () throws -> R) rethrows -> R {
        lock()
        defer { unlock() }
        return try body()
    }
}
