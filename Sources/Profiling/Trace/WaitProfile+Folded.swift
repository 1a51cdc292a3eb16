// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension WaitProfile {
    /// Stacks from the root, `backend;workload;tasklet;state` and, where a wait has one, its detail; in nanoseconds.
    ///
    /// The state of a tasklet that runs is `running`, of others the kind of the wait.
    package func folded(backend: String, workload: String) -> [FoldedStack] {
        rows.flatMap { row in
            let path = [backend, workload, row.name]
            let waits = row.waits.map { wait in
                let detail = wait.detail.isEmpty ? [] : [wait.detail]
                return FoldedStack(frames: path + [wait.kind.rawValue] + detail, count: Double(wait.time.total))
            }
            return [FoldedStack(frames: path + [Self.running], count: Double(row.running))] + waits
        }
    }

    private static let running = "running"

    /// The category of a frame of ``folded(backend:workload:)``, given its path.
    package static func category(_ path: [String]) -> FlameCategory {
        switch path.count {
        case ..<3: .other
        case 3: .tasklet
        default: path[3] == running ? .state(.user) : TraceWait.Kind(rawValue: path[3])?.category ?? .other
        }
    }
}

extension TraceWait.Kind {
    fileprivate var category: FlameCategory {
        switch self {
        case .runQueue: .state(.runQueue)
        case .timer: .state(.timer)
        case .socket: .state(.poll)
        case .runtime: .runtime
        case .channel, .oneShot, .join, .paused: .state(.idle)
        }
    }
}
