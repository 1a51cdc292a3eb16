// SPDX-License-Identifier: Apache-2.0

import Harness
import Workloads

/// What a run measures that names no workloads.
enum Suite: String, CaseIterable {
    /// Every workload under every scheduler.
    case standard
    /// What other runtimes can do as well, in every peer that can be built here, beside the schedulers that are fastest on
    /// one processor, or use several.
    case peers

    /// - Throws: ``UsageError`` for an unknown name.
    init(named name: String) throws {
        guard let suite = Suite(rawValue: name) else {
            throw UsageError.unknown("suite", name, known: Suite.allCases.map(\.rawValue))
        }
        self = suite
    }

    /// Its workloads.
    var workloads: [Workload] {
        switch self {
        case .standard: Workloads.all
        case .peers: Workloads.ofPeers
        }
    }

    /// What it has in place of options that are not given.
    var backends: String? {
        switch self {
        case .standard: nil
        case .peers: "round-robin,epoll,dispatch,thread-per-task,swift-concurrency"
        }
    }

    /// Seconds that it takes with so many peers; nil for the usual time.
    ///
    /// A batch has a process of each, and some take a while to start.
    func budget(peers: Int) -> Double? {
        switch self {
        case .standard: nil
        case .peers: min(480, 60 + 20 * Double(peers))
        }
    }

    /// See ``backends``.
    var peers: String? {
        switch self {
        case .standard: nil
        case .peers: Peers.everything
        }
    }
}
