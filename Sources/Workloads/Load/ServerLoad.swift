// SPDX-License-Identifier: Apache-2.0

/// How the clients of a workload load a server, whatever program that is.
public struct ServerLoad: Sendable {
    /// What the load generator does, with the port of the server on 127.0.0.1.
    public let program: @Sendable (_ port: Int) -> LoadProgram
    /// What to record of the result, in nanoseconds.
    public let waits: @Sendable (LoadResult) -> [Series: [UInt64]]
    /// Whether the server computes meanwhile, and says how many of its tasks have finished, which the answer of the
    /// workload adds to the right replies.
    public let hasHogs: Bool

    /// Creates one that records the latencies.
    init(
        hasHogs: Bool = false,
        waits: @escaping @Sendable (LoadResult) -> [Series: [UInt64]] = \.latencies,
        program: @escaping @Sendable (_ port: Int) -> LoadProgram
    ) {
        self.program = program
        self.waits = waits
        self.hasHogs = hasHogs
    }
}

extension LoadResult {
    /// Those of an open loop both corrected and uncorrected.
    var latencies: [Series: [UInt64]] {
        uncorrected.isEmpty ? [.latency: latency] : [.latency: latency, .uncorrected: uncorrected]
    }
}
