// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Programs and libraries that show more about a run, but have no part in its figures.
enum Tools {
    /// Something that can be installed.
    struct Tool: Sendable, Equatable {
        var name: String
        /// The Debian package.
        var package: String
        /// What there is without it.
        var loss: String
    }

    static let perf = Tool(name: "perf", package: "linux-perf", loss: "time in the kernel cannot be broken down")
    static let profiler = Tool(
        name: "libprofiler.so",
        package: "libgoogle-perftools-dev",
        loss: "'bench profile' does not run"
    )
    static let pprof = Tool(
        name: "google-pprof",
        package: "google-perftools",
        loss: "the profiler's own files cannot be read"
    )

    /// Looks for every tool.
    ///
    /// - Parameter hasProfiler: whether the profiler's library can be loaded; its module knows how.
    static func observe(hasProfiler: Bool) -> [Condition] {
        let search = getenv("PATH").map { String(cString: $0) } ?? ""
        return [
            condition(perf, isFound: isExecutable(perf.name, in: search)),
            condition(profiler, isFound: hasProfiler),
            condition(pprof, isFound: isExecutable(pprof.name, in: search)),
        ]
    }

    static func condition(_ tool: Tool, isFound: Bool) -> Condition {
        guard !isFound else { return .fine(tool.name, "installed") }
        return .lacks(
            tool.name,
            "missing",
            "Without it \(tool.loss): 'sudo apt-get install --no-install-recommends \(tool.package)'."
        )
    }

    /// Whether a program is in a search path, whose folders are separated by colons.
    static func isExecutable(_ name: String, in path: String) -> Bool {
        path.split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
    }
}
