// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import SystemPackage

/// How a process becomes a peer's program.
package enum PeerExecution {
    /// Replaces this process by a program, which the kernel kills when the thread that started the process ends.
    ///
    /// - Throws: ``UsageError`` if the program cannot be executed.
    package static func become(_ program: [String]) throws -> ExitStatus {
        guard let path = program.first else { throw UsageError("'bench peer' needs a program") }
        linux_die_with_parent()
        var argv = program.map { strdup($0) } + [nil]
        execv(path, &argv)
        throw UsageError("cannot execute '\(path)': \(Errno(rawValue: errno))")
    }
}
