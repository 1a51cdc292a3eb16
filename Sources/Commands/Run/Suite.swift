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
    /// The questions that the project began with; see ``FoundingQuestion``.
    case seed

    /// What takes the place of a suite's name for ``DeadlockSuite``, which measures nothing.
    static let nameOfDeadlocks = "deadlocks"

    /// - Throws: ``UsageError`` for an unknown name.
    init(named name: String) throws {
        guard let suite = Suite(rawValue: name) else {
            throw UsageError.unknown("suite", name, known: Suite.allCases.map(\.rawValue) + [Self.nameOfDeadlocks])
        }
        self = suite
    }

    /// Its workloads, in the order of the report.
    var parts: [SuitePart] {
        switch self {
        case .standard: Workloads.all.map { SuitePart(workload: $0) }
        case .peers: Workloads.ofPeers.map { SuitePart(workload: $0, backends: Self.besidePeers) }
        case .seed: Self.questions
        }
    }

    /// The fastest backends on one processor, and all that use several.
    private static let besidePeers = "round-robin,epoll,dispatch,thread-per-task,swift-concurrency"

    /// Seconds that it takes with so many peers; nil for the usual time.
    ///
    /// A batch has a process of each, and some take a while to start.
    func budget(peers: Int) -> Double? {
        switch self {
        case .standard: nil
        case .peers: min(480, 60 + 20 * Double(peers))
        case .seed: 240
        }
    }

    /// The peers that it has, as far as they can be built here, where `--peers` names none; nil for no peers.
    var peers: [String]? {
        switch self {
        case .standard: nil
        case .peers: Peers.names
        case .seed: ["gevent", "eventlet", "greenlet", "twisted", "pypy-stackless"]
        }
    }
}
