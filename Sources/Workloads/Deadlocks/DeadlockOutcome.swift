// SPDX-License-Identifier: Apache-2.0

public import Tasklets

/// How the program of a ``DeadlockCase`` ended.
public enum DeadlockOutcome: Sendable, CustomStringConvertible {
    /// With what main has found.
    case value(String)
    /// With an error other than a deadlock.
    case error(String)
    /// The scheduler has found a deadlock, and names who waits for what.
    case deadlock([BlockedTasklet])
    /// The scheduler does not have what the case needs.
    case unsupported(String)

    /// By the error that `run` has thrown.
    init(_ error: any Error) {
        let refusal = error as? SchedulerError
        switch refusal?.code {
        case .deadlock: self = .deadlock(refusal?.blocked ?? [])
        case .unsupported: self = .unsupported("\(error)")
        default: self = .error("\(error)")
        }
    }

    /// A line: the value, the error, or who waits for what.
    public var description: String {
        switch self {
        case .value(let text): "value: \(text)"
        case .error(let text): "error: \(text)"
        case .deadlock(let blocked): "deadlock: " + blocked.map(\.description).joined(separator: "; ")
        case .unsupported(let text): "unsupported: \(text)"
        }
    }
}

/// How the program of a ``DeadlockCase`` is to end.
public enum DeadlockExpectation: Sendable, Equatable, CustomStringConvertible {
    /// With that value.
    case value(String)
    /// With an error whose text contains that.
    case error(String)
    /// In a deadlock, whose report says of each of these tasklets, by its name, what it waits for.
    case deadlock([String: String])
    /// The scheduler does not have what the case needs.
    case unsupported

    /// Whether the program has ended so; for a deadlock, also whether its report says where each tasklet was spawned,
    /// and names the channel.
    public func matches(_ outcome: DeadlockOutcome) -> Bool {
        switch (self, outcome) {
        case (.value(let expected), .value(let found)): expected == found
        case (.error(let expected), .error(let found)): found.contains(expected)
        case (.deadlock(let waits), .deadlock(let blocked)):
            waits.allSatisfy { name, what in blocked.contains { Self.says($0, name, what) } }
        case (.unsupported, .unsupported): true
        default: false
        }
    }

    private static func says(_ blocked: BlockedTasklet, _ name: String, _ what: String) -> Bool {
        blocked.tasklet.name == name && blocked.waitsFor == what && blocked.spawnSite.contains(".swift:")
            && what.contains("channel") == (blocked.channel != nil)
    }

    /// A few words.
    public var description: String {
        switch self {
        case .value(let text): "value: \(text)"
        case .error(let text): "error: \(text)"
        case .deadlock(let waits):
            "deadlock: " + waits.sorted { $0.key < $1.key }.map { "\($0) waits for \($1)" }.joined(separator: "; ")
        case .unsupported: "unsupported"
        }
    }
}

extension DeadlockCase {
    /// How it is to end.
    ///
    /// - Parameter hasReactor: whether the scheduler has reactors.
    public func expectation(_ style: WaitStyle, hasReactor: Bool) -> DeadlockExpectation {
        if needsReactor, !hasReactor { return .unsupported }
        return style == .classic ? expectationOfClassic ?? expectation(style) : expectation(style)
    }

    /// Where the classic way differs from the others.
    private var expectationOfClassic: DeadlockExpectation? {
        switch self {
        case .alreadyFired: .deadlock(["waiter": "a receiver on channel 'blockOn answer'"])
        case .onReactor, .onReactorBesideOthers: .deadlock(["reactor": "a sender on channel 'blockOn answer'"])
        case .killedWaiter: .deadlock(["reactor": "a receiver on channel 'blockOn answer'"])
        case .earlyValue:
            .deadlock([
                "reactor": "a receiver on channel 'blockOn first'", "waiter": "a sender on channel 'blockOn second'",
            ])
        case .blockTrap: .error("block trap")
        default: nil
        }
    }

    private func expectation(_ style: WaitStyle) -> DeadlockExpectation {
        switch self {
        case .alreadyFired, .blockTrap: .value("7")
        case .onReactor, .onReactorBesideOthers: .error("in a callback of a reactor")
        case .killedWaiter: .value("the reactor goes on: 8")
        case .earlyValue: .value("3")
        case .nested: .value("9")
        case .foreignWakeUp: .value("7, and to resume it was refused")
        case .twoWaiters: .value("14")
        case .chain: .value("7, 8")
        case .lost: .deadlock(["waiter": style.waitsFor("lost")])
        case .stoppedReactor: .error("the reactor has stopped")
        case .cycle: .deadlock(["first": style.waitsFor("one"), "second": style.waitsFor("two")])
        case .synchronousFrame: .value("1 2 3")
        case .foreignThread: .error("outside the tasklets of its scheduler")
        case .failingWaiter: .value("the waiter has failed; the reactor goes on: 8")
        case .killedCallback: .error("was killed in a callback")
        case .idleReactor: .value("1000")
        case .pausedWrite: .value("5 bytes meanwhile")
        case .waitingMain: .deadlock(["waiter": style.waitsFor("never")])
        }
    }
}
