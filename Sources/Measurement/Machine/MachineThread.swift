// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Threads of the kernel, for what must not run on the runtime's pool.
enum MachineThread {
    /// Runs a body on a new thread, which the caller joins or detaches; nil if no thread can be created.
    static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
        var thread = pthread_t()
        let retained = Unmanaged.passRetained(Body(body))
        let outcome = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            retained.toOpaque()
        )
        guard outcome == 0 else {
            retained.release()
            return nil
        }
        return thread
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
