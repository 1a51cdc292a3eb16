// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Makes the kernel refuse the process any more threads.
///
/// Use it only in an exit test: the process loses its root privileges, and is terminated if it hangs.
package struct ThreadShortage {
    private let before: rlimit

    package init() {
        alarm(240)
        // The limit does not apply to root; 65534 is `nobody`.
        if getuid() == 0 { setuid(65_534) }
        var limit = rlimit()
        getrlimit(Self.threads, &limit)
        before = limit
        limit.rlim_cur = 0
        setrlimit(Self.threads, &limit)
    }

    package func end() {
        var limit = before
        setrlimit(Self.threads, &limit)
    }

    private static let threads = __rlimit_resource_t(__RLIMIT_NPROC.rawValue)
}
