// SPDX-License-Identifier: Apache-2.0

/// An operation that a puppet can perform.
enum Operation: Hashable, Sendable, CustomStringConvertible {
    case send(Int), fail(Int), receive(Int)
    /// In synchronous code, which sets the stack aside or blocks the thread.
    case sendSynchronously(Int), receiveSynchronously(Int)
    /// Until a deadline that passes when the explorer says so.
    case sendUntil(Int), receiveUntil(Int)
    /// A select that receives from either channel; one that sends on the first or receives from the second.
    case selectReceives(Int, Int), selectSendOrReceive(Int, Int), selectReceivesUntil(Int, Int)
    case schedule
    case kill(Int), killPending(Int)
    /// Hands the processor to another puppet, and stays in the run queue.
    case run(Int)

    /// The transfers that it may do, one of which it does.
    var transfers: [(channel: Int, isSend: Bool)] {
        switch self {
        case .send(let channel), .fail(let channel), .sendSynchronously(let channel), .sendUntil(let channel):
            [(channel, true)]
        case .receive(let channel), .receiveSynchronously(let channel), .receiveUntil(let channel):
            [(channel, false)]
        case .selectReceives(let one, let other), .selectReceivesUntil(let one, let other):
            [(one, false), (other, false)]
        case .selectSendOrReceive(let one, let other): [(one, true), (other, false)]
        case .schedule, .kill, .killPending, .run: []
        }
    }

    var hasDeadline: Bool {
        switch self {
        case .sendUntil, .receiveUntil, .selectReceivesUntil: true
        default: false
        }
    }

    var isSynchronous: Bool {
        switch self {
        case .sendSynchronously, .receiveSynchronously: true
        default: false
        }
    }

    /// The same without the other puppet's number.
    var kind: Operation {
        switch self {
        case .kill: .kill(0)
        case .killPending: .killPending(0)
        case .run: .run(0)
        default: self
        }
    }

    var description: String {
        switch self {
        case .send(let channel): "sends on \(channel)"
        case .fail(let channel): "sends an error on \(channel)"
        case .receive(let channel): "receives on \(channel)"
        case .sendSynchronously(let channel): "sends synchronously on \(channel)"
        case .receiveSynchronously(let channel): "receives synchronously on \(channel)"
        case .sendUntil(let channel): "sends on \(channel) until a deadline"
        case .receiveUntil(let channel): "receives on \(channel) until a deadline"
        case .selectReceives(let one, let other): "receives on \(one) or \(other)"
        case .selectReceivesUntil(let one, let other): "receives on \(one) or \(other) until a deadline"
        case .selectSendOrReceive(let one, let other): "sends on \(one) or receives on \(other)"
        case .schedule: "gives way"
        case .kill(let victim): "kills \(victim)"
        case .killPending(let victim): "has \(victim) killed when it next runs"
        case .run(let other): "switches to \(other)"
        }
    }
}

/// The result of an operation.
enum Outcome: Hashable, Sendable {
    case done
    /// The value, or the error, with that number arrived.
    case received(Int)
    case failed(Int)
    case timedOut
    /// It threw `TaskletExit`.
    case killed

    /// The same without the number.
    var kind: Outcome {
        switch self {
        case .received: .received(0)
        case .failed: .failed(0)
        case .done, .timedOut, .killed: self
        }
    }

    var number: Int? {
        switch self {
        case .received(let number), .failed(let number): number
        case .done, .timedOut, .killed: nil
        }
    }
}

/// An action of the explorer.
enum Action: Hashable, Sendable, CustomStringConvertible {
    /// A puppet begins an operation.
    case act(Int, Operation)
    /// A puppet whose operation is complete continues, to where it can begin the next.
    case resume(Int)
    /// Main kills a puppet, at once or when the puppet next runs.
    case kill(Int)
    case killPending(Int)
    /// A puppet's deadline passes.
    case expire(Int)

    var description: String {
        switch self {
        case .act(let puppet, let operation): "\(puppet) \(operation)"
        case .resume(let puppet): "\(puppet) continues"
        case .kill(let puppet): "main kills \(puppet)"
        case .killPending(let puppet): "main has \(puppet) killed when it next runs"
        case .expire(let puppet): "the deadline of \(puppet) passes"
        }
    }
}
