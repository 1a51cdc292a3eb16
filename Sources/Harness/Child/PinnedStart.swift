// SPDX-License-Identifier: Apache-2.0

import Backends
import Glibc
import Measurement

/// Starts a trial's process again with the processors of its cell, where its backend depends on those of the start.
///
/// Swift's own pool has a thread for each processor that the process may use when libdispatch is loaded. A process that
/// pins itself later has as many on one processor, where a program that is started there has one.
enum PinnedStart {
    /// The processors that the process may use, but for its being pinned.
    static var allowed: CPUSet {
        getenv(variable).flatMap { CPUSet(list: String(cString: $0)) } ?? .allowed()
    }

    /// Becomes the same program with the same arguments, on the processors of the cell; returns where it is that
    /// already.
    ///
    /// Before anything has been read or started. Where the kernel refuses, the trial finds out that it cannot be
    /// pinned.
    static func ensure(_ cell: Cell) {
        guard Backend(rawValue: cell.backend) == .swiftConcurrency, getenv(variable) == nil,
            let cpus = CPUSet(list: cell.cpus), cpus != .allowed()
        else { return }
        setenv(variable, CPUSet.allowed().list, 1)
        guard cpus.pinCurrentThread() else { return }
        var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
        execv("/proc/self/exe", &arguments)
    }

    private static let variable = "SWITCHYARD_ALLOWED_CPUS"
}
