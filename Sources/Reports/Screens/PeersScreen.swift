// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The best schedulers of a run against other runtimes, as readers see them.
///
/// The terminal shows the summary; `report.md`, `report.html` and `results.json` have all of it.
package struct PeersScreen: Sendable, Equatable, Codable {
    /// A workload, by a metric, on a number of processors.
    package struct Line: Sendable, Equatable, Codable {
        /// What it is about, such as `ping-pong on 2 CPUs`; unique in a report.
        package var label: String
        /// The workload's name.
        package var workload: String
        /// The parameters, `name=value;...`.
        package var parameters: String
        /// How many processors the schedulers and the peers could run on.
        package var processors: Int
        /// The metric's name.
        package var metric: String
        /// The metric's unit.
        package var unit: String
        /// The scheduler that ranks first on as many processors; nil where none has a figure.
        package var best: String?
        /// Its figure, in the metric's unit.
        package var value: Double?
        /// Its figure and the unit; empty without one.
        package var figure: String
        /// How many schedulers could be the best.
        package var candidates: Int
        /// The peers, in the order of the run.
        package var rivals: [Rival]
    }

    /// A peer.
    package struct Rival: Sendable, Equatable, Codable {
        /// Its name.
        package var peer: String
        /// Its figure, in the metric's unit; nil where its trials failed.
        package var value: Double?
        /// Its figure and the unit, or the outcome, such as `FAILED`.
        package var figure: String
        /// Its figure divided by that of the best scheduler, where more is worse; nil without a comparison.
        package var ratio: Double?
        /// The ends of the 95 % interval, which allows for the choice of the best.
        package var interval: [Double]?
        /// What the run can say about it.
        package var standing: Standing
    }

    /// How a peer does, compared with the best scheduler.
    package enum Standing: String, Sendable, Codable {
        /// It takes less.
        case ahead
        /// It takes more.
        case behind
        /// If they differ, then by a negligible amount.
        case equal
        /// The scatter is too large to tell.
        case undecided
        /// There are too few processes to tell.
        case unknown
        /// One of the figures is below what can be measured.
        case belowResolution = "below-resolution"
        /// One of them has a figure of zero, or no scheduler has one.
        case incomparable
        /// It has no figure.
        case missing
        /// It is no runtime, but the least that any could do.
        case floor
    }

    /// What comes out, in two sentences at most; empty where all peers are floors.
    package var summary: [String]
    /// The workloads.
    package var lines: [Line]
    /// The peers, and how their work differs; empty for the results of a build that did not ask them.
    package var peers: [PeerDescription]
    /// Whether they had no network but a loopback; nil where that is not known.
    package var isIsolated: Bool?
}

extension PeersScreen.Line {
    /// The peers with a standing; the one that takes the least comes first.
    func rivals(_ standings: PeersScreen.Standing...) -> [PeersScreen.Rival] {
        rivals.filter { standings.contains($0.standing) }.sorted { ($0.ratio ?? 0) < ($1.ratio ?? 0) }
    }

    /// The peers with a figure that the run cannot tell from the best scheduler.
    var undecided: [PeersScreen.Rival] { rivals(.equal, .undecided, .unknown, .belowResolution, .incomparable) }

    /// The peer that takes the least, of the runtimes that are compared.
    var closest: PeersScreen.Rival? {
        rivals.filter { $0.ratio != nil && $0.standing != .floor }.min { ($0.ratio ?? 0) < ($1.ratio ?? 0) }
    }
}

extension PeersScreen.Rival {
    /// The ends of the interval.
    var ends: Interval? {
        guard let interval, let low = interval.first, let high = interval.last else { return nil }
        return Interval(low: low, high: high)
    }
}
