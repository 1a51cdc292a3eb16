// SPDX-License-Identifier: Apache-2.0

/// The catalogue of workloads.
public enum Workloads {
    /// The workloads of the standard suite, in its order.
    public static let all: [Workload] = [
        pingPong, yield, ring, producerConsumer, select, sieve, skynet, spawnJoin, parked, timers, echo, echoIdle, chat,
        httpServer, fanOutHTTP, hog, hogCheckpoints,
    ]

    /// Experiments on what switching costs, and when: not part of the standard suite.
    public static let experiments: [Workload] = [
        depth, depthAsync, blockingStyles, protocolInTasklet, protocolMemory, hogShare,
    ]

    /// The workloads that `bench list` shows.
    public static let listed = all + experiments

    /// The workloads that other runtimes can do as well, in the same order.
    public static let ofPeers: [Workload] = [
        pingPong, yield, ring, skynet, spawnJoin, parked, timers, echo, httpServer, fanOutHTTP, hog,
    ]

    /// Workloads that fail on purpose, to test the harness; not listed, but found by name.
    public static let faults: [Workload] = [
        faultCrash, faultHang, faultThrow, faultConnection, faultUnsupported, faultWrongAnswer,
    ]

    /// The workload with a name, listed or not.
    public static func named(_ name: String) -> Workload? {
        (listed + faults + [knownShares]).first { $0.name == name }
    }
}
