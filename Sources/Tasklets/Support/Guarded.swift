// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A value that is only accessible with its lock held.
///
/// `Synchronization.Mutex` on a mutex that the thread sanitizer knows: the runtime's own library is not instrumented,
/// and the sanitizer would report every use.
package final class Guarded<Value>: @unchecked Sendable {
    // SAFETY: the value is touched with the mutex held, which a second access would wait for; so the runtime need not
    // check for one. The mutex lives from `init` to `deinit`.
    @exclusivity(unchecked) private var value: Value
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

    package func withLock<R, Failure: Error>(_ body: (inout Value) throws(Failure) -> R) throws(Failure) -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
