// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The limit on open files, which is one on sockets as well.
enum OpenFiles {
    static func observe() -> Condition {
        var limit = rlimit()
        let outcome = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return condition(hardLimit: outcome == 0 ? UInt64(limit.rlim_max) : nil)
    }

    /// - Parameter hardLimit: that of this process, to which it raises its own.
    static func condition(hardLimit: UInt64?) -> Condition {
        guard let hardLimit else { return .unknown(name, "The kernel refuses to tell the limit; see 'ulimit -Hn'.") }
        let value = hardLimit >= .max / 2 ? "unlimited" : "\(hardLimit)"
        guard hardLimit < needed else { return .fine(name, value) }
        return .lacks(
            name,
            value,
            "Workloads with a thousand connections fail: raise the hard limit to \(needed) in limits.conf(5)."
        )
    }

    /// `echo-idle` has two ends of over a thousand connections, which leaves as much for everything else.
    private static let needed: UInt64 = 4_096
    private static let name = "open files"
}
