// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How many files and connections this process may have open.
enum DescriptorLimit {
    /// Raises it as far as an ordinary user may, and returns it; nil where it is not known.
    @discardableResult static func raise() -> UInt? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return limit.rlim_max
    }

    /// Makes sure that child processes can be had, each of which takes pipes.
    ///
    /// Throws a ``UsageError`` where too few are allowed.
    static func ensure() throws {
        guard let limit = raise(), limit < fewest else { return }
        throw UsageError("this process may have \(limit) files open, and needs \(fewest); 'ulimit -n' says how many")
    }

    /// With fewer than about fifteen the library that starts the child processes ends this one.
    private static let fewest: UInt = 64
}
