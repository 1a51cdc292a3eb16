// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The limits on threads, which bound the tasklets of the scheduler that gives each its own.
enum ThreadLimits {
    /// A limit and who sets it.
    struct Limit: Sendable, Equatable {
        var threads: UInt64
        var origin: String
        /// How to raise it.
        var remedy: String
    }

    static func observe(_ groups: ControlGroups?) -> Condition { condition(all(groups)) }

    /// The limits of this process, in no particular order; the kernel enforces the least.
    static func all(_ groups: ControlGroups?) -> [Limit] {
        let group = (groups?.lines(of: "pids.max", controller: "pids") ?? []).compactMap { UInt64($0) }
            .map { Limit(threads: $0, origin: "pids.max", remedy: "raise the container's limit of processes") }
        let kernel = ["threads-max", "pid_max"].compactMap { file in
            ProcFile.line(of: "/proc/sys/kernel/\(file)").flatMap { UInt64($0) }
                .map { Limit(threads: $0, origin: file, remedy: "raise it with 'sudo sysctl kernel.\(file)'") }
        }
        return group + kernel + user()
    }

    static func condition(_ limits: [Limit]) -> Condition {
        guard let least = limits.min(by: { $0.threads < $1.threads }) else {
            return .unknown(name, "None of the limits can be read; see 'ulimit -u'.")
        }
        let value = "\(least.threads) (\(least.origin))"
        guard least.threads < needed else { return .fine(name, value) }
        return .lacks(
            name,
            value,
            "Workloads with ten thousand tasklets do not run under thread-per-task: \(least.remedy)."
        )
    }

    /// That of the user, who is not limited as root.
    private static func user() -> [Limit] {
        var limit = rlimit()
        guard geteuid() != 0, getrlimit(__rlimit_resource_t(__RLIMIT_NPROC.rawValue), &limit) == 0 else { return [] }
        return [Limit(threads: UInt64(limit.rlim_cur), origin: "RLIMIT_NPROC", remedy: "raise it with 'ulimit -u'")]
    }

    /// `parked` has 10,000 tasklets, and the user other threads.
    private static let needed: UInt64 = 12_000
    private static let name = "threads"
}
