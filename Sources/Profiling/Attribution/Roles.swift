// SPDX-License-Identifier: Apache-2.0

internal import Measurement

/// The tasklets of one name, or what runs instead of a tasklet.
package struct Role: Sendable, Equatable {
    package let name: String
    /// The time of each activity.
    package let times: [Activity: PerProcess]
    /// The time of all activities.
    let all: PerProcess
}

extension Attribution {
    /// The share of a part of the time.
    package func share(_ part: PerProcess) -> Share {
        Share(part, of: sampledTimes, samples: sampleCount, draws: draws)
    }

    /// The time of one activity.
    package func time(_ activity: Activity) -> PerProcess {
        stacks.filter { $0.activity == activity }.perProcess(processCount)
    }

    /// The resolution of shares: half of the widest interval of an activity, but no finer than the number of samples
    /// allows.
    package var resolution: Double {
        let widths = activities.map { share(time($0)).interval }.map { ($0.high - $0.low) / 2 }
        return max(widths.max() ?? 1, Share.resolution(samples: sampleCount))
    }

    /// Whether there are too few samples for any conclusion.
    package var isTooShort: Bool { Share.resolution(samples: sampleCount) > 0.1 }

    /// The activities that occur.
    package var activities: [Activity] { Activity.allCases.filter { time($0).sum > 0 } }

    /// Nanoseconds that the tasklets of one name spent in their own code.
    package func userTime(of tasklet: String) -> UInt64 {
        stacks.reduce(0) { $0 + ($1.tasklet == tasklet && $1.activity == .user ? $1.time : 0) }
    }

    /// The tasklets by name, the most time first.
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
}
