// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Tasklets

extension PeerProgram {
    /// Generates a random program; the same for the same seed.
    init(seededWith seed: UInt64) {
        var random = SplitMix64(seed: seed)
        self.init(seed: seed)
        let traits = Traits(using: &random)
        logsChannels = Int.random(in: 0..<4, using: &random) == 0
        logsSwitches = traits.canLogSwitches && Int.random(in: 0..<2, using: &random) == 0
        channels = (0..<traits.channelCount).map { _ in
            Setting(
                preference: [.receiver, .none, .sender].randomElement(using: &random) ?? .none,
                schedulesAll: Int.random(in: 0..<6, using: &random) == 0
            )
        }
        bodies = (0..<traits.taskletCount).map { traits.body(of: $0, using: &random) }
        for child in 1..<traits.taskletCount { addSpawn(of: child, traits, using: &random) }
    }

    /// Every tasklet but main is spawned once, by main or by an older one.
    private mutating func addSpawn(of child: Int, _ traits: Traits, using random: inout SplitMix64) {
        let parent = Int.random(in: 0..<3, using: &random) > 0 ? 0 : Int.random(in: 0..<child, using: &random)
        if parent > 0, case .spawn(parent) = bodies[parent].ending {
            bodies[parent].ending = .spawn(child)
            return
        }
        let verb = traits.spawnVerb(using: &random)
        // Main's children come early, so that they have time to meet.
        let latest = parent == 0 ? min(child, bodies[0].steps.count) : bodies[parent].steps.count
        bodies[parent].steps.insert(
            Step(verb: verb, operands: [child]),
            at: Int.random(in: 0...latest, using: &random)
        )
    }
}

/// The kind of program, and the steps of such a program.
private struct Traits {
    typealias Verb = PeerProgram.Verb

    let taskletCount: Int
    let channelCount: Int
    /// Whether main does what the others do; otherwise it only spawns and runs them.
    let isMainBusy: Bool
    let pauses: Bool
    let kills: Bool
    let fails: Bool
    let nests: Bool
    let closes: Bool

    init(using random: inout SplitMix64) {
        taskletCount = Int.random(in: 3...8, using: &random)
        channelCount = [1, 1, 1, 2, 2, 3].randomElement(using: &random) ?? 1
        isMainBusy = Int.random(in: 0..<4, using: &random) == 0
        pauses = Bool.random(using: &random)
        kills = Bool.random(using: &random)
        fails = Bool.random(using: &random)
        nests = Int.random(in: 0..<3, using: &random) == 0
        closes = Int.random(in: 0..<4, using: &random) == 0
    }

    /// PyPy does not call its callback for switches made by a kill, an error or a deadlock.
    var canLogSwitches: Bool { !isMainBusy && !kills && !fails }

    func spawnVerb(using random: inout SplitMix64) -> Verb {
        switch Int.random(in: 0..<10, using: &random) {
        case 0 where kills: .doom
        case 1, 2: pauses ? .pause : .spawn
        default: .spawn
        }
    }

    func body(of tasklet: Int, using random: inout SplitMix64) -> PeerProgram.Body {
        let side = [Verb.send, .receive, nil].randomElement(using: &random) ?? nil
        let weights = tasklet == 0 ? mainWeights : weights(preferring: side)
        var body = PeerProgram.Body(ending: ending(of: tasklet, using: &random))
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            body.steps.append(step(weights, using: &random))
        }
        return body
    }

    /// `spawn` with the tasklet's own number is a placeholder, and does nothing if it is not filled in.
    private func ending(of tasklet: Int, using random: inout SplitMix64) -> PeerProgram.Ending {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: .end
        case 1 where fails: .fail
        case 2: .spawn(tasklet)
        default: .die
        }
    }

    /// Some tasklets mostly send, some mostly receive, and some do either.
    private func weights(preferring side: Verb?) -> [(Verb, Int)] {
        weights.map { $0.0 == side ? ($0.0, 3 * $0.1) : $0 }
    }

    /// How often a tasklet takes each step, in proportion.
    private var weights: [(Verb, Int)] {
        [
            (.send, 22), (.receive, 22), (.schedule, 10), (.fail, 3), (.take, fails ? 4 : 0), (.exit, 2),
            (.sequence, closes ? 0 : 3),
            (.drain, 2), (.prefer, 2), (.all, 1), (.close, closes ? 4 : 0), (.open, closes ? 2 : 0),
            (.insert, pauses ? 5 : 0), (.run, pauses ? 5 : 0), (.remove, pauses ? 4 : 0), (.park, pauses ? 3 : 0),
            (.kill, kills ? 8 : 0), (.throw, fails ? 3 : 0), (.runall, nests ? 5 : 0),
        ]
    }

    private var mainWeights: [(Verb, Int)] {
        weights.map { verb, weight in
            switch verb {
            case .runall: (verb, 12)
            case .drain: (verb, 8)
            // Nothing would bring it back on PyPy.
            case .park: (verb, 0)
            case .send, .receive, .schedule, .fail, .take, .exit, .sequence: (verb, isMainBusy ? weight : 0)
            default: (verb, weight)
            }
        }
    }

    private func step(
        _ weights: [(Verb, Int)],
        using random: inout SplitMix64
    ) -> PeerProgram.Step {
        var rest = Int.random(in: 0..<weights.reduce(0) { $0 + $1.1 }, using: &random)
        let verb = weights.first {
            rest -= $0.1
            return rest < 0
        }?.0
        return step(verb ?? .schedule, using: &random)
    }

    private func step(_ verb: Verb, using random: inout SplitMix64) -> PeerProgram.Step {
        let channel = Int.random(in: 0..<channelCount, using: &random)
        let tasklet = Int.random(in: 1..<taskletCount, using: &random)
        let isSynchronous = Int.random(in: 0..<4, using: &random) == 0
        return switch verb {
        case .send, .receive, .take: .init(verb: verb, operands: [channel], isSynchronous: isSynchronous)
        case .fail, .exit, .drain, .close, .open: .init(verb: verb, operands: [channel])
        case .sequence: .init(verb: verb, operands: [channel, Int.random(in: 1...4, using: &random)])
        case .prefer: .init(verb: verb, operands: [channel, Int.random(in: -1...1, using: &random)])
        case .all: .init(verb: verb, operands: [channel, Int.random(in: 0...1, using: &random)])
        case .insert, .run, .remove, .kill, .spawn, .pause, .doom: .init(verb: verb, operands: [tasklet])
        case .schedule, .park, .runall, .throw: .init(verb: verb)
        }
    }
}
