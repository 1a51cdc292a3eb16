// SPDX-License-Identifier: Apache-2.0

import Tasklets
import Testing

/// The subject of an exploration of puppets.
struct Setting: Sendable, CustomTestStringConvertible {
    var name: String
    var puppets = 3
    var channels = 1
    var capacity = 0
    var preference = Preference.receiver
    var schedulesAll = false
    /// The operations that each puppet may perform at any time; main may kill any of them at any time.
    var operations: [Operation] = []
    /// Or the operations that each performs in order; then none is killed.
    var programs: [[Operation]] = []

    /// The first channel carries values that fit into a slot; the second, values that do not.
    func makePort(_ number: Int) -> any ChannelPort {
        guard number == 0 else {
            return Port<BulkyParcel>(capacity: capacity, preference: preference, schedulesAll: schedulesAll)
        }
        return Port<LightParcel>(capacity: capacity, preference: preference, schedulesAll: schedulesAll)
    }

    /// Every action that is possible in a state.
    func actions(in oracle: ChannelOracle) -> [Action] {
        oracle.phases.indices.flatMap { puppet in actions(of: puppet, in: oracle) }
    }

    private func actions(of puppet: Int, in oracle: ChannelOracle) -> [Action] {
        switch oracle.phases[puppet] {
        case .ended: []
        case .idle: operations(of: puppet, in: oracle).map { .act(puppet, $0) } + kills(of: puppet, in: oracle)
        case .busy(_, .killed): [.resume(puppet)]
        case .busy(_, .some): [.resume(puppet)] + kills(of: puppet, in: oracle)
        case .busy(let operation, nil):
            (operation.hasDeadline ? [.expire(puppet)] : []) + kills(of: puppet, in: oracle)
        }
    }

    private func operations(of puppet: Int, in oracle: ChannelOracle) -> [Operation] {
        guard programs.isEmpty else { return Array(programs[puppet].dropFirst(oracle.begun[puppet]).prefix(1)) }
        // Puppets that have not begun are all alike, unless operations name them: the first suffices.
        let isLikeAnother = hasNoNames && oracle.begun[puppet] == 0 && oracle.begun[..<puppet].contains(0)
        return isLikeAnother ? [] : operations.filter { oracle.allows($0, by: puppet) }
    }

    private func kills(of puppet: Int, in oracle: ChannelOracle) -> [Action] {
        guard programs.isEmpty else { return [] }
        // On a concurrent scheduler main does not leave its processor, since it has to let the others run.
        return oracle.isOrdered ? [.kill(puppet), .killPending(puppet)] : [.killPending(puppet)]
    }

    /// Whether no operation names a puppet, so that puppets differ only by what they do.
    var hasNoNames: Bool { operations.allSatisfy { $0.kind == $0 } }

    /// Which puppet runs after a transfer that a puppet has begun: itself, its partner, or neither.
    func runsNext(_ puppet: Int, _ partner: Int, _ operation: Operation) -> Int? {
        if schedulesAll { return nil }
        let prefersPartner = preference == (operation.transfers.contains(where: \.isSend) ? .receiver : .sender)
        return prefersPartner ? partner : puppet
    }

    var testDescription: String { name }
}

extension Setting {
    static let plain: [Operation] = [.send(0), .fail(0), .receive(0), .schedule]

    static let preferences: [Setting] = [
        Setting(name: "the receiver is preferred", preference: .receiver, operations: plain),
        Setting(name: "neither is preferred", preference: .none, operations: plain),
        Setting(name: "the sender is preferred", preference: .sender, operations: plain),
        Setting(name: "all others are preferred", schedulesAll: true, operations: plain),
    ]

    static let bare = Setting(name: "sends and receives", operations: [.send(0), .receive(0), .schedule])

    static let twoChannels = Setting(
        name: "two channels",
        channels: 2,
        operations: [.send(0), .receive(0), .send(1), .receive(1)]
    )

    static let synchronous = Setting(
        name: "synchronous code",
        operations: [.receive(0), .sendSynchronously(0), .receiveSynchronously(0)]
    )

    static let killers = Setting(
        name: "puppets that run and kill one another",
        operations: [.receive(0), .schedule, .kill(1), .run(1)]
    )

    static let buffer = Setting(
        name: "a buffer",
        capacity: 1,
        preference: .none,
        operations: [.send(0), .receive(0)]
    )

    static let deadlines = Setting(
        name: "deadlines",
        operations: [.sendUntil(0), .receiveUntil(0)]
    )

    static let selects = Setting(
        name: "selects",
        channels: 2,
        operations: [.send(0), .receive(1), .selectReceives(0, 1), .selectSendOrReceive(0, 1)]
    )

    static let selectsUntil = Setting(
        name: "selects until a deadline",
        channels: 2,
        operations: [.send(0), .receive(1), .selectReceivesUntil(0, 1)]
    )

    static let others: [Setting] = [twoChannels, synchronous, killers, buffer, selects]

    static let longPrograms: [Setting] = [
        Setting(
            name: "two senders and a receiver",
            programs: [
                [.send(0), .send(0), .send(0)], [.send(0), .fail(0), .send(0)],
                [.receive(0), .receive(0), .receive(0)],
            ]
        ),
        Setting(
            name: "all send and receive",
            programs: [
                [.send(0), .receive(0), .send(0)], [.receive(0), .receive(0), .receive(0)],
                [.send(0), .receive(0), .schedule],
            ]
        ),
    ]

    static let shortPrograms = Setting(
        name: "three programs of two operations",
        programs: [[.send(0), .receive(0)], [.receive(0), .send(0)], [.send(0), .receive(0)]]
    )
}
