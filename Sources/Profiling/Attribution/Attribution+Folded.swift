// SPDX-License-Identifier: Apache-2.0

extension Attribution {
    /// Stacks from the root, `backend;workload;tasklet;state;frames...`, in nanoseconds, with equal ones added up.
    package func folded(backend: String, workload: String) -> [FoldedStack] {
        Self.folded(stacks, below: [backend, workload])
    }

    /// Stacks from the root, `tasklet;state;frames...`, by process.
    var foldedByProcess: [[FoldedStack]] {
        let byProcess = Dictionary(grouping: stacks, by: \.process)
        return (0..<processCount).map { Self.folded(byProcess[$0] ?? [], below: []) }
    }

    private static func folded(_ stacks: [AttributedStack], below root: [String]) -> [FoldedStack] {
        FoldedStacks.merged(
            stacks.map { stack in
                let path = root + [stack.role, stack.activity.rawValue]
                return FoldedStack(frames: path + stack.frames.reversed().map(\.function), count: Double(stack.time))
            }
        )
    }
}
