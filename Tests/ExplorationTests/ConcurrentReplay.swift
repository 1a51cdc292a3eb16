// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport

/// One replay on a concurrent scheduler, by its main tasklet.
///
/// A puppet between two operations counts as running, on a thread that is stopped.
final class ConcurrentReplay: @unchecked Sendable {
    // SAFETY: touched only by the thread that holds the baton.
    private let setting: Setting
    private let driver: BatonDriver
    private let puppets: Puppets
    private var isEnding = false
    private var visit = Visit<Action, ChannelOracle.Key>(key: .init(), actions: [])
    /// The tasklets that the scheduler has to name as blocked at the end of its run.
    private var blocked: Set<String> = []

    private init(_ setting: Setting, _ driver: BatonDriver, _ alive: Counter) {
        self.setting = setting
        self.driver = driver
        puppets = Puppets(setting, isOrdered: false, alive)
        puppets.gate = { [unowned self] puppet in
            driver.stop(puppets.tasklets[puppet])
            return !isEnding
        }
    }

    /// Performs the actions in a run of their own.
    static func replay(
        _ path: [Action],
        _ setting: Setting,
        _ scheduler: SchedulerCore,
        _ driver: BatonDriver,
        _ alive: Counter
    ) throws -> Visit<Action, ChannelOracle.Key> {
        let made = Box<ConcurrentReplay?>(nil)
        var blocked: [BlockedTasklet] = []
        do {
            try scheduler.run {
                let replay = ConcurrentReplay(setting, driver, alive)
                made.value = replay
                try await replay.run(path)
            }
        } catch let error as SchedulerError where error.code == .deadlock {
            blocked = error.blocked
        }
        guard let replay = made.value else { preconditionFailure("main has not run") }
        return replay.verdict(Set(blocked.map(\.tasklet.name)))
    }

    /// Verifies the result of the last action; those of the others were verified before.
    private func run(_ path: [Action]) async throws {
        for action in path { try await perform(action) }
        puppets.verify()
        visit.key = puppets.oracle.key(hasNames: !setting.hasNoNames)
        visit.actions = setting.actions(in: puppets.oracle)
        try await end()
    }

    private func perform(_ action: Action) async throws {
        switch action {
        case .act(let puppet, let operation):
            if !puppets.hasStarted[puppet] { try puppets.tasklets[puppet].insert() }
            puppets.order(puppet, operation)
            driver.proceed(puppets.tasklets[puppet])
        case .resume(let puppet): driver.proceed(puppets.tasklets[puppet])
        case .kill(let puppet), .killPending(let puppet):
            puppets.interrupt(puppet)
            try await puppets.tasklets[puppet].kill(pending: true)
        case .expire(let puppet):
            puppets.expire(puppet)
            driver.clock.expire(puppets.tasklets[puppet])
        }
        puppets.noteKilledBeforeStart()
    }

    // MARK: The end

    /// Lets every puppet end that can.
    ///
    /// Waiting puppets are left to the scheduler, which names and kills them when main has ended.
    private func end() async throws {
        isEnding = true
        for puppet in puppets.indices where puppets.oracle.hasDeadline(puppet) {
            try await perform(.killPending(puppet))
        }
        while fault == nil, let puppet = puppets.indices.first(where: { canContinue($0) }) {
            try await perform(.resume(puppet))
        }
        puppets.verify()
        blocked = Set(puppets.indices.filter { puppets.oracle.isBlocked($0) }.map { puppets.tasklets[$0].name })
        for puppet in puppets.indices { puppets.interrupt(puppet) }
    }

    private func canContinue(_ puppet: Int) -> Bool {
        puppets.oracle.isCompleted(puppet) || puppets.oracle.isBetweenOperations(puppet)
    }

    /// The visit, with the verdict on the whole run.
    private func verdict(_ named: Set<String>) -> Visit<Action, ChannelOracle.Key> {
        if named != blocked { puppets.note("the run ends with \(named.sorted()) blocked, and not \(blocked.sorted())") }
        for puppet in puppets.indices where puppets.tasklets[puppet].isAlive { puppets.note("\(puppet) has not ended") }
        if driver.clock.count > 0 { puppets.note("a deadline is left behind") }
        visit.fault = fault
        return visit
    }

    private var fault: String? { puppets.oracle.fault ?? driver.fault }
}
