// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// What Stackless would do with a ``RandomProgram``, step by step: its rules, without the machinery.
///
/// Main spawns the tasklets and yields as long as another one is runnable; then it ends.
struct ReferenceScheduler {
    private struct Channel {
        var setting: RandomProgram.Setting
        /// The waiters, longest first, and the value of each sender.
        var queue: [(tasklet: Int, value: Int?)] = []
    }

    private let program: RandomProgram
    private var channels: [Channel]
    /// The runnable tasklets, the current one first; -1 is main.
    private var runQueue: [Int]
    private var positions: [Int]
    private var joiners: [[Int]]
    /// What a tasklet received, or nil, when it returns from a wait.
    private var received: [Int?]
    private(set) var log: [String] = []
    private(set) var switches: UInt64 = 0

    init(_ program: RandomProgram) {
        self.program = program
        channels = program.channels.map { Channel(setting: $0) }
        runQueue = [-1] + program.tasklets.indices
        positions = program.tasklets.map { _ in 0 }
        joiners = program.tasklets.map { _ in [] }
        received = program.tasklets.map { _ in nil }
        run()
    }

    private mutating func run() {
        while runQueue != [-1] {
            let tasklet = runQueue[0]
            if tasklet < 0 {
                rotate()
            } else {
                resume(tasklet)
            }
        }
    }

    /// The current tasklet yields.
    private mutating func rotate() {
        runQueue.append(runQueue.removeFirst())
        switches += 1
    }

    /// A tasklet has the processor, and keeps it until it is no longer the current one.
    private mutating func resume(_ tasklet: Int) {
        let steps = program.tasklets[tasklet]
        while runQueue[0] == tasklet {
            finishStep(tasklet)
            guard positions[tasklet] <= steps.count else { return end(tasklet) }
            perform(steps[positions[tasklet] - 1].step, tasklet)
        }
    }

    /// Logs the completed step, if there is one, and moves to the next.
    private mutating func finishStep(_ tasklet: Int) {
        let done = positions[tasklet]
        if done > 0 { log.append("\(tasklet).\(done - 1)" + (received[tasklet].map { "=\($0)" } ?? "")) }
        received[tasklet] = nil
        positions[tasklet] += 1
    }

    private mutating func end(_ tasklet: Int) {
        runQueue += joiners[tasklet]
        joiners[tasklet] = []
        runQueue.removeFirst()
        switches += 1
    }

    private mutating func block() {
        runQueue.removeFirst()
        switches += 1
    }

    private mutating func perform(_ step: RandomProgram.Step, _ tasklet: Int) {
        switch step {
        case .schedule:
            if runQueue.count > 1 { rotate() }
        case .join(let other):
            guard positions[other] <= program.tasklets[other].count else { return }
            joiners[other].append(tasklet)
            block()
        case .send(let channel):
            let value = Self.value(tasklet, positions[tasklet] - 1)
            guard let first = channels[channel].queue.first, first.value == nil else {
                channels[channel].queue.append((tasklet, value))
                return block()
            }
            received[first.tasklet] = value
            handOver(channel, .receiver)
        case .receive(let channel):
            guard let first = channels[channel].queue.first, let value = first.value else {
                channels[channel].queue.append((tasklet, nil))
                return block()
            }
            received[tasklet] = value
            handOver(channel, .sender)
        }
    }

    /// The tasklet that has waited longest is runnable again; it runs at once if the channel prefers its side.
    private mutating func handOver(_ channel: Int, _ side: Preference) {
        let partner = channels[channel].queue.removeFirst().tasklet
        if channels[channel].setting.schedulesAll {
            runQueue.append(partner)
            rotate()
        } else if channels[channel].setting.preference == side {
            runQueue = [partner] + runQueue.dropFirst() + runQueue.prefix(1)
            switches += 1
        } else {
            runQueue.append(partner)
        }
    }

    /// What a tasklet sends in its nth step.
    static func value(_ tasklet: Int, _ step: Int) -> Int { tasklet * 100 + step }
}
