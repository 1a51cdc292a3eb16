// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport

/// One replay on an ordered scheduler, by its main tasklet.
///
/// The puppets are paused between two operations, and main runs or kills one of them. Any other runnable tasklet runs
/// when the explorer says so, or when its turn in the run queue comes before main's.
struct OrderedReplay {
    private let setting: Setting
    private let puppets: Puppets
    private let clock: VirtualClock?

    init(_ setting: Setting, _ alive: Counter, _ clock: VirtualClock?) {
        self.setting = setting
        self.clock = clock
        puppets = Puppets(setting, isOrdered: true, alive)
        puppets.gate = { _ in
            try await Tasklet.scheduleRemove()
            return true
        }
    }

    /// Performs the actions, and verifies the result of the last; those of the others were verified before.
    func replay(_ path: [Action]) async -> Visit<Action, ChannelOracle.Key> {
        for action in path { await perform(action) }
        puppets.verify()
        let (key, actions) = (puppets.oracle.key(hasNames: !setting.hasNoNames), setting.actions(in: puppets.oracle))
        for puppet in puppets.indices { await perform(.kill(puppet)) }
        puppets.verify()
        if let clock, clock.count > 0 { puppets.note("a deadline is left behind") }
        return Visit(key: key, actions: actions, fault: puppets.oracle.fault)
    }

    private func perform(_ action: Action) async {
        do { try await attempt(action) } catch { puppets.note("\(error)") }
        puppets.noteKilledBeforeStart()
    }

    private func attempt(_ action: Action) async throws {
        switch action {
        case .act(let puppet, let operation): try await act(puppet, operation)
        case .resume(let puppet): try await puppets.tasklets[puppet].run()
        case .kill(let puppet):
            puppets.interrupt(puppet)
            try await puppets.tasklets[puppet].kill()
        case .killPending(let puppet):
            puppets.interrupt(puppet)
            try await puppets.tasklets[puppet].kill(pending: true)
        case .expire(let puppet):
            puppets.expire(puppet)
            clock?.expire(puppets.tasklets[puppet])
        }
    }

    private func act(_ puppet: Int, _ operation: Operation) async throws {
        let partner = puppets.oracle.partner(of: operation)
        puppets.order(puppet, operation)
        try await puppets.tasklets[puppet].run()
        guard let partner else { return }
        let expected = setting.runsNext(puppet, partner, operation)
        for one in [puppet, partner] where puppets.oracle.isCompleted(one) == (one == expected) {
            puppets.note("\(one) \(one == expected ? "did not run" : "ran") next when \(puppet) \(operation)")
        }
    }
}
