// SPDX-License-Identifier: Apache-2.0

import CLinux
import FoundationEssentials
import Glibc
import SystemPackage

/// The network of a run with peers: a loopback, which nothing outside the run can reach, and nothing else.
///
/// Peers are code of others, which has no business in a network. The whole run has the same one, from its first thread
/// on: so the servers of schedulers and of peers, and their clients, have the same loopback, without the packet filters
/// of the machine's, and no process takes time to leave a network. A peer's server alone in a network of its own would
/// have a loopback that costs less than that of our servers, where the machine filters packets.
enum PeerNetwork {
    /// Leaves the machine's network, where the kernel permits it; returns whether it did.
    ///
    /// The caller must be the only thread: the kernel moves threads, and those started later follow.
    ///
    /// - Parameter leave: moves the process; returns 0 or a negated error.
    static func leave(by leave: () -> Int32 = linux_leave_network) -> Bool {
        guard !isKept else { return false }
        let code = isSingleThreaded ? leave() : -EINVAL
        guard code < 0 else { return true }
        Console.note("bench: the peers can reach the network: \(Errno(rawValue: -code))")
        return false
    }

    /// Whether the user wants peers to reach the network.
    private static var isKept: Bool { getenv("SWITCHYARD_NETWORK").map { String(cString: $0) } == "keep" }

    private static var isSingleThreaded: Bool {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task"))?.count == 1
    }
}
