// SPDX-License-Identifier: Apache-2.0

/// A kind of load: what a program asks of its scheduler, and the workloads that tell how well it does that.
package enum LoadKind: String, CaseIterable, Sendable, Codable {
    /// Yielding the processor to another tasklet.
    case switching
    /// Messages between tasklets.
    case messages
    /// Creating tasklets, and waiting for their end.
    case starting
    /// Many tasklets that wait.
    case memory
    /// Servers with many connections.
    case connections
    /// Requests at a given rate.
    case latency
    /// Tasklets that wait for messages, beside others that compute.
    case hog
    /// Timers.
    case deadlines

    /// The kind of a workload; nil for one that belongs to none.
    package init?(ofWorkload name: String) {
        guard let kind = Self.allCases.first(where: { $0.workloads.contains(name) }) else { return nil }
        self = kind
    }

    /// What a report calls it.
    package var title: String {
        switch self {
        case .switching: "switching"
        case .messages: "messages"
        case .starting: "starting tasklets"
        case .memory: "parked memory"
        case .connections: "many connections"
        case .latency: "request latency"
        case .hog: "beside a CPU hog"
        case .deadlines: "deadlines"
        }
    }

    /// What it tells about a scheduler, for `bench list`.
    package var summary: String {
        switch self {
        case .switching: "What it costs to yield the processor to another tasklet."
        case .messages: "What messages between tasklets cost."
        case .starting: "What it costs to start a tasklet and wait for its end."
        case .memory: "How much memory a waiting tasklet takes."
        case .connections: "What servers with many connections cost, idle connections among them."
        case .latency: "How long requests take that arrive at a given rate."
        case .hog: "How long tasklets wait for the processor beside others that compute."
        case .deadlines: "How late sleeping tasklets wake up."
        }
    }

    /// The workloads by which schedulers are ranked.
    ///
    /// Hogs with checkpoints show what those help, and their waits have nothing in common with those beside a hog.
    var ranked: [String] { self == .hog ? ["hog"] : workloads }

    /// The names of its workloads, first that whose figures the report's sentence quotes.
    package var workloads: [String] {
        switch self {
        case .switching: ["yield"]
        case .messages: ["ping-pong", "ring", "producer-consumer", "select", "sieve"]
        case .starting: ["spawn-join", "skynet"]
        case .memory: ["parked"]
        case .connections: ["echo-idle", "http-server", "echo", "chat"]
        case .latency: ["fan-out-http"]
        case .hog: ["hog", "hog-checkpoints"]
        case .deadlines: ["timers"]
        }
    }
}
