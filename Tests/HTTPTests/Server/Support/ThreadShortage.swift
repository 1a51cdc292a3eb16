// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A time in which the kernel gives the process no more threads.
///
/// For a process of its own, which is left without the rights of root, and which is ended if it hangs.
struct ThreadShortage {
    private let before: rlimit

    init() {
        alarm(240)
        // The limit does not hold for root. The number is that of `nobody`.
        if getuid() == 0 { setuid(65_534) }
        var limit = rlimit()
        getrlimit(Self.threads, &limit)
        before = limit
        limit.rlim_cur = 0
        setrlimit(Self.threads, &limit)
    }

    func end() {
        var limit = before
        setrlimit(Self.threads, &limit)
    }

    private static let threads = __rlimit_resource_t(__RLIMIT_NPROC.rawValue)
}
