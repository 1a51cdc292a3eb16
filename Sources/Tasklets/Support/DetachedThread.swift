// SPDX-License-Identifier: Apache-2.0

internal import CSwitch
internal import Glibc

/// Threads that are never joined.
package enum DetachedThread {
    /// Runs `body` on a new thread, with the default stack size where none is given.
    ///
    /// A thread with a given size is for a tasklet: an overflow of its stack is reported as the tasklet's.
    ///
    /// Returns nil, or the errno of a thread that could not be made; then `body` is not called.
    package static func start(stackSize: Int? = nil, _ body: @escaping @Sendable () -> Void) -> CInt? {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        if let stackSize {
            pthread_attr_setstacksize(&attributes, stackSize)
            pthread_attr_setguardsize(&attributes, sw_guard_size)
        }
        pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        let box = Unmanaged.passRetained(Body(stackSize: stackSize, body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().call()
                return nil
            },
            box.toOpaque()
        )
        guard code != 0 else { return nil }
        box.release()
        return code
    }

    private final class Body: Sendable {
        private let stackSize: Int?
        private let body: @Sendable () -> Void

        init(stackSize: Int?, _ body: @escaping @Sendable () -> Void) {
            self.stackSize = stackSize
            self.body = body
        }

        func call() {
            if let stackSize { sw_guard_new_thread(stackSize) }
            body()
        }
    }
}
