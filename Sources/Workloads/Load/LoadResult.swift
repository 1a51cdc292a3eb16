// SPDX-License-Identifier: Apache-2.0

/// The replies that a load generator's clients received.
public struct LoadResult: Sendable {
    /// The number of right replies; the sum of the messages' numbers in a chat.
    public var right: Int
    /// The latency of each request from its scheduled start, in nanoseconds.
    public var latency: [UInt64]
    /// The latency of each request from when it was sent, in nanoseconds; empty where it is the same.
    public var uncorrected: [UInt64]

    /// Creates a result; see the properties for the arguments.
    public init(right: Int, latency: [UInt64], uncorrected: [UInt64] = []) {
        self.right = right
        self.latency = latency
        self.uncorrected = uncorrected
    }

    /// The latency of each request less a delay that no scheduler can avoid, in nanoseconds; zero if the delay is
    /// longer.
    func latency(beyond delays: [Duration]) -> [UInt64] {
        zip(latency, delays).map { latency, delay in latency - min(latency, delay.nanoseconds) }
    }
}

extension Observer {
    /// Records what a load has of a result.
    func record(_ result: LoadResult, of load: ServerLoad) {
        for (series, waits) in load.waits(result) { record(waits, as: series) }
    }

    /// Records the latencies.
    func record(_ result: LoadResult) {
        for (series, waits) in result.latencies { record(waits, as: series) }
    }
}
