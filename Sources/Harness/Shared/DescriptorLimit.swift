// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The limit on open file descriptors of this process.
package enum DescriptorLimit {
    /// Raises the soft limit to the hard limit, and returns it; nil if it cannot be read.
    @discardableResult package static func raise() -> UInt? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return limit.rlim_max
    }

    /// Checks that the limit leaves room for child processes and their pipes, and for a server and its connections.
    ///
    /// - Throws: ``UsageError`` if the limit is too low.
    package static func check() throws {
        guard let limit = raise(), limit < minimum else { return }
        throw UsageError("the limit of \(limit) open files is below the \(minimum) that bench needs; see 'ulimit -n'")
    }

    /// With fewer than about fifteen descriptors, the library that starts child processes traps, and so does the one
    /// that waits for signals.
    private static let minimum: UInt = 64
}
