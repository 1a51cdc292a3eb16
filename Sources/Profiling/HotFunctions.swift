// SPDX-License-Identifier: Apache-2.0

/// A function, and how long it was on a stack.
package struct HotFunction: Sendable, Equatable {
    package var function: String
    /// The module or the library that it is of.
    package var place: String
    /// Nanoseconds of the function itself.
    package var own: UInt64 = 0
    /// Nanoseconds of the function and of what it has called.
    package var cumulative: UInt64 = 0
}

extension AttributedProfile {
    /// The functions with the most time of their own.
    package func hotFunctions(_ count: Int) -> [HotFunction] {
        var functions: [[String]: HotFunction] = [:]
        for stack in stacks {
            var seen: Set<[String]> = []
            for (depth, frame) in stack.frames.enumerated() {
                let key = [frame.function, frame.module ?? frame.object ?? ""]
                // One that calls itself counts once.
                guard seen.insert(key).inserted else { continue }
                var function = functions[key] ?? HotFunction(function: frame.function, place: key[1])
                function.cumulative += stack.time
                if depth == 0 { function.own += stack.time }
                functions[key] = function
            }
        }
        return Array(
            functions.values.sorted { ($1.own, $1.cumulative, $0.function) < ($0.own, $0.cumulative, $1.function) }
                .prefix(count)
        )
    }

    /// A part of the time.
    package func share(_ nanoseconds: UInt64) -> Share {
        Share(nanoseconds, of: sampledTime, samples: sampleCount)
    }

    /// Nanoseconds of an activity.
    package func time(_ activity: Activity) -> UInt64 {
        stacks.reduce(0) { $0 + ($1.activity == activity ? $1.time : 0) }
    }

    /// Nanoseconds that the tasklets of a name were at their own code.
    package func userTime(of tasklet: String) -> UInt64 {
        stacks.reduce(0) { $0 + ($1.tasklet == tasklet && $1.activity == .user ? $1.time : 0) }
    }

    /// The nanoseconds of each tasklet name by activity, the most first; those of no tasklet under what runs instead.
    package var byTasklet: [(name: String, times: [Activity: UInt64])] {
        var all: [String: [Activity: UInt64]] = [:]
        for stack in stacks { all[stack.role, default: [:]][stack.activity, default: 0] += stack.time }
        return all.map { (name: $0.key, times: $0.value) }
            .sorted { ($1.times.values.reduce(0, +), $0.name) < ($0.times.values.reduce(0, +), $1.name) }
    }

    /// Stacks from the root, `backend;workload;tasklet;state;frames...`, for flame graphs.
    package func folded(backend: String, workload: String) -> [FoldedStack] {
        FoldedStacks.merged(
            stacks.map { stack in
                let path = [backend, workload, stack.role, stack.activity.rawValue]
                return FoldedStack(frames: path + stack.frames.reversed().map(\.function), count: Double(stack.time))
            }
        )
    }
}

extension AttributedStack {
    /// The tasklet's name, or what runs where none does.
    package var role: String { tasklet ?? (activity == .outside ? "(other threads)" : "(scheduler)") }
}
