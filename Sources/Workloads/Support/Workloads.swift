// SPDX-License-Identifier: Apache-2.0

/// The catalogue.
public enum Workloads {
    /// What `bench list` shows and the standard suite runs, in this order.
    public static let all: [Workload] = [
        pingPong, yield, ring, skynet, spawnJoin, parked, timers, echo, httpServer, fanOutHTTP, hog, hogCheckpoints,
    ]

    /// What goes wrong on purpose, so that the harness can be tested.
    ///
    /// Found by name only.
    public static let faults: [Workload] = [
        faultCrash, faultHang, faultThrow, faultConnection, faultUnsupported, faultWrongAnswer,
    ]

    /// The workload of that name, whether listed or not.
    public static func named(_ name: String) -> Workload? {
        (all + faults + [knownShares]).first { $0.name == name }
    }
}
