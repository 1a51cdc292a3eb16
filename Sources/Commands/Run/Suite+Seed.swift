// SPDX-License-Identifier: Apache-2.0

import Workloads

extension Suite {
    /// What answers the founding questions, on one processor: each workload with the schedulers that its question is
    /// about.
    static let questions = [
        // A switch, without and with messages, by every mechanism and reactor; and in other runtimes.
        part("yield", on: reactors, mechanisms), part("ping-pong", on: reactors, mechanisms),
        part("depth", on: "round-robin", mechanisms),
        // Ways to wait for a callback, and to write a connection.
        part("blocking-styles", on: "epoll"), part("protocol-in-tasklet", on: "epoll"),
        part("protocol-memory", on: "epoll"),
        // Beside tasklets that compute.
        part("hog", on: besideHogs, "soft,kernel", hasPeers: false), part("hog-checkpoints", on: "epoll"),
        part("hog-share", on: besideHogs, "soft,kernel"),
        // Servers, beside other runtimes.
        part("echo", on: "epoll"), part("http-server", on: "epoll"),
    ]

    private static let reactors = "round-robin,epoll,nio"
    private static let besideHogs = "epoll,thread-per-task"
    private static let mechanisms = "soft,hard,slice"

    private static func part(
        _ name: String,
        on backends: String,
        _ switchings: String = "soft",
        hasPeers: Bool = true
    ) -> SuitePart {
        guard let workload = Workloads.named(name) else { preconditionFailure("there is no workload '\(name)'") }
        return SuitePart(
            workload: workload,
            backends: backends,
            switchings: switchings,
            workers: "1",
            hasPeers: hasPeers
        )
    }
}
