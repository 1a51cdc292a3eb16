// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A value that can be reached with its lock held only.
///
/// What `Synchronization.Mutex` is, on a mutex that the thread sanitizer knows: that one is not instrumented in the
/// runtime's own library, and every use of it would be reported.
package final class Guarded<Value>: @unchecked Sendable {
    // SAFETY: the value is touched with the mutex held; the mutex lives from `init` to `deinit`.
    private var value: Value
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    package init(_ value: Value) {
        self.value = value
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    package func withLock<R>(_ body: (inout Value) throws -> R) rethrows -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
