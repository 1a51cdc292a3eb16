// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Tasklets

/// A random program of a few tasklets that act on a few channels.
struct RandomProgram: Sendable {
    enum Step: Sendable {
        case send(channel: Int), receive(channel: Int), schedule, join(tasklet: Int)
    }

    struct Setting: Sendable {
        var preference: Preference
        var schedulesAll: Bool
    }

    var channels: [Setting]
    /// What each tasklet does, in spawning order; and which steps are made in synchronous code.
    var tasklets: [[(step: Step, isSynchronous: Bool)]]

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        channels = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            Setting(
                preference: [.receiver, .none, .sender].randomElement(using: &random) ?? .none,
                schedulesAll: Int.random(in: 0..<6, using: &random) == 0
            )
        }
        let taskletCount = Int.random(in: 2...6, using: &random)
        tasklets = []
        for index in 0..<taskletCount {
            tasklets.append(
                (0..<Int.random(in: 1...12, using: &random)).map { _ in
                    (Self.step(of: index, channels.count, &random), Int.random(in: 0..<4, using: &random) == 0)
                }
            )
        }
    }

    private static func step(of tasklet: Int, _ channelCount: Int, _ random: inout SplitMix64) -> Step {
        let channel = Int.random(in: 0..<channelCount, using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: return .send(channel: channel)
        case 4..<8: return .receive(channel: channel)
        case 8 where tasklet > 0: return .join(tasklet: Int.random(in: 0..<tasklet, using: &random))
        default: return .schedule
        }
    }
}
