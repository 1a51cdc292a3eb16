// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc

/// Calls a closure on the first SIGINT or SIGTERM; the second ends the process at once.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ stop: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            Glibc.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                Glibc.signal(SIGINT, SIG_DFL)
                Glibc.signal(SIGTERM, SIG_DFL)
                stop()
            }
            source.activate()
            return source
        }
    }

    deinit { for source in sources { source.cancel() } }
}
