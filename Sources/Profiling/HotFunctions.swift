// SPDX-License-Identifier: Apache-2.0

/// A function, and how long it was on a stack.
package struct HotFunction: Sendable, Equatable {
    /// What tells it from others.
    struct Identity: Hashable, Sendable {
        let function: String
        /// The module or the library that it is of.
        let place: String

        init(_ frame: Frame) {
            function = frame.function
            place = frame.module ?? frame.object ?? ""
        }
    }

    let identity: Identity
    /// The function itself.
    var own: PerProcess
    /// The function and what it has called.
    var cumulative: PerProcess

    /// What it is called.
    package var function: String { identity.function }
    /// The module or the library that it is of.
    package var place: String { identity.place }
}

/// The tasklets of one name, or what runs where none does.
package struct Role: Sendable, Equatable {
    package let name: String
    /// What they were at, and how long.
    package let times: [Activity: PerProcess]
    /// Nanoseconds of all that.
    let all: PerProcess
}

extension AttributedProfile {
    /// The functions with the most time of their own.
    package func hotFunctions(_ count: Int) -> [HotFunction] {
        let sorted = functions.values.sorted {
            ($1.own.sum, $1.cumulative.sum, $0.function) < ($0.own.sum, $0.cumulative.sum, $1.function)
        }
        return Array(sorted.prefix(count))
    }

    /// All functions.
    var functions: [HotFunction.Identity: HotFunction] {
        let none = PerProcess(processes: processCount)
        var functions: [HotFunction.Identity: HotFunction] = [:]
        for stack in stacks {
            var seen: Set<HotFunction.Identity> = []
            for (depth, frame) in stack.frames.enumerated() {
                let identity = HotFunction.Identity(frame)
                // One that calls itself counts once.
                guard seen.insert(identity).inserted else { continue }
                var function = functions[identity] ?? HotFunction(identity: identity, own: none, cumulative: none)
                function.cumulative[stack.process] += stack.time
                if depth == 0 { function.own[stack.process] += stack.time }
                functions[identity] = function
            }
        }
        return functions
    }

    /// A part of the time.
    package func share(_ part: PerProcess) -> Share {
        Share(part, of: sampledTimes, samples: sampleCount, draws: draws)
    }

    /// The time of an activity.
    package func time(_ activity: Activity) -> PerProcess {
        stacks.filter { $0.activity == activity }.perProcess(processCount)
    }

    /// What threads were found at.
    package var activities: [Activity] { Activity.allCases.filter { time($0).sum > 0 } }

    /// Nanoseconds that the tasklets of a name were at their own code.
    package func userTime(of tasklet: String) -> UInt64 {
        stacks.reduce(0) { $0 + ($1.tasklet == tasklet && $1.activity == .user ? $1.time : 0) }
    }

    /// The tasklets by their names, those with the most time first.
    package var roles: [Role] {
        let roles = Dictionary(grouping: stacks, by: \.role).map { name, stacks in
            Role(
                name: name,
                times: Dictionary(grouping: stacks, by: \.activity).mapValues { $0.perProcess(processCount) },
                all: stacks.perProcess(processCount)
            )
        }
        return roles.sorted { ($1.all.sum, $0.name) < ($0.all.sum, $1.name) }
    }

    /// Stacks from the root, `backend;workload;tasklet;state;frames...`, in nanoseconds, equal ones added up.
    package func folded(backend: String, workload: String) -> [FoldedStack] {
        Self.folded(stacks, below: [backend, workload])
    }

    /// Stacks from the root, `tasklet;state;frames...`, process by process.
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
