// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// A program of tasklets and channels that runs here and on another implementation: plain data, with a text form.
///
/// Tasklets are numbered, and 0 is main. A step that names a tasklet that does not exist (yet) is skipped.
struct PeerProgram: Sendable {
    /// What a tasklet can do.
    ///
    /// The operands are a channel (followed by a count, a preference or a truth value) or a tasklet.
    enum Verb: String, CaseIterable, Sendable {
        case send, fail, exit, sequence, receive, take, drain
        case prefer, all, close, open
        case spawn, pause, doom
        case insert, run, remove, kill
        case schedule, park, runall, `throw`
    }

    /// One step of a tasklet.
    struct Step: Sendable {
        var verb: Verb
        var operands: [Int] = []
        /// Whether it is made in synchronous code, where both are possible; the peer does not know the difference.
        var isSynchronous = false
    }

    /// What a tasklet does when `TaskletExit` ends it: lets it through, catches it, throws another error, or spawns.
    enum Ending: Sendable {
        case die, end, fail, spawn(Int)
    }

    /// What a tasklet does.
    struct Body: Sendable {
        var ending = Ending.die
        var steps: [Step] = []
    }

    /// How a channel is configured.
    struct Setting: Sendable {
        var preference: Preference
        var schedulesAll: Bool
    }

    var seed: UInt64
    var logsChannels = false
    var logsSwitches = false
    var channels: [Setting] = []
    var bodies: [Body] = []
}

extension PeerProgram: CustomStringConvertible {
    /// One line: the seed and what is logged | the channels | the body of main | those of the others.
    var description: String {
        let header = "\(seed)" + (logsChannels ? " channel" : "") + (logsSwitches ? " schedule" : "")
        let settings = channels.map(\.description).joined(separator: " ")
        return ([header, settings] + bodies.map(\.description)).joined(separator: " | ")
    }
}

extension PeerProgram.Setting: CustomStringConvertible {
    /// The preference, with a star if the channel schedules all.
    var description: String { "\(preference.rawValue)\(schedulesAll ? "*" : "")" }
}

extension PeerProgram.Body: CustomStringConvertible {
    /// The ending, and then the steps.
    var description: String {
        "\(ending): " + steps.map { $0.text + ($0.isSynchronous ? "!" : "") }.joined(separator: ", ")
    }
}

extension PeerProgram.Ending: CustomStringConvertible {
    /// The word, and the tasklet that it spawns.
    var description: String {
        switch self {
        case .die: "die"
        case .end: "end"
        case .fail: "fail"
        case .spawn(let child): "spawn \(child)"
        }
    }

    /// The word alone, as it is logged.
    var word: String { if case .spawn = self { "spawn" } else { description } }
}

extension PeerProgram.Step {
    /// The verb and its operands, as they are logged.
    var text: String { ([verb.rawValue] + operands.map(String.init)).joined(separator: " ") }
}
