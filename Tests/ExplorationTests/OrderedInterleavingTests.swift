// SPDX-License-Identifier: Apache-2.0

import Backends
import Tasklets
import TestSupport
import Testing

/// Ordered schedulers, on which other tasklets can only run at an operation.
///
/// The exploration reaches every state into which any program of some operations can bring three tasklets and their
/// channels; in each state it tries every operation and kills each tasklet. So it covers every order of every such
/// program, however long. Each setting has 270 to 630 states, and 1,600 to 4,500 actions in them.
@Suite struct `Every order of operations on an ordered scheduler` {
    private static let preferences: [(Configuration, Setting)] = Configuration.ordered.flatMap { configuration in
        // The channels' rules are the same everywhere; one setting suffices to check how each configuration switches.
        let settings = configuration == Configuration.ordered.first ? Setting.preferences : [Setting.preferences[1]]
        return settings.map { (configuration, $0) }
    }

    @Test(arguments: preferences)
    func `No tasklet waits while a partner waits, and nothing is lost, duplicated or leaked`(
        configuration: Configuration,
        setting: Setting
    ) async throws {
        let findings = try await explore(setting, configuration.makeScheduler())
        #expect(findings.fault == nil)
        #expect(findings.states > 200)
    }

    private static let others: [(Configuration, Setting)] = Configuration.ordered.flatMap { configuration in
        otherSettings(configuration.backend).map { (configuration, $0) }
    }

    /// Of the other backends, only Dispatch blocks in a way of its own: it blocks the thread.
    private static func otherSettings(_ backend: Backend) -> [Setting] {
        switch backend {
        case .roundRobin: Setting.others
        case .dispatch: [.synchronous]
        default: []
        }
    }

    @Test(arguments: others)
    func `The same holds with more channels, buffers, synchronous code, killers and selects`(
        configuration: Configuration,
        setting: Setting
    ) async throws {
        let findings = try await explore(setting, configuration.makeScheduler())
        #expect(findings.fault == nil)
        #expect(findings.states > 200)
    }

    @Test(arguments: [Switching.soft, .hard, .slice, .continuation], [Setting.deadlines, .selectsUntil])
    func `The same holds when a deadline passes, at any time`(switching: Switching, setting: Setting) async throws {
        let driver = VirtualTimeDriver()
        let findings = try await explore(setting, driver.makeScheduler(switching), driver.clock)
        #expect(findings.fault == nil)
        #expect(findings.states > 250)
    }

    /// Here no two states count as the same: these are all the paths from beginning to end, 1,200 or more.
    @Test(arguments: Configuration.ordered.prefix(1), Setting.longPrograms)
    func `Three programs of three operations meet in every way`(
        configuration: Configuration,
        setting: Setting
    ) async throws {
        let scheduler = try configuration.makeScheduler()
        let findings = try await onItsOwnThread {
            try scheduler.run {
                var explorer = ReplayExplorer<Action, [Action]>()
                while let path = explorer.nextPath {
                    let visit = await OrderedReplay(setting, Counter(), nil).replay(path)
                    explorer.note(Visit(key: path, actions: visit.actions, fault: visit.fault))
                }
                return explorer.findings
            }
        }
        #expect(findings.fault == nil)
        #expect(findings.ends > 1_000)
    }

    private func explore(
        _ setting: Setting,
        _ scheduler: any Scheduler,
        _ clock: VirtualClock? = nil
    ) async throws -> Findings {
        let alive = Counter()
        let findings = try await onItsOwnThread {
            try scheduler.run {
                var explorer = ReplayExplorer<Action, ChannelOracle.Key>()
                while let path = explorer.nextPath {
                    explorer.note(await OrderedReplay(setting, alive, clock).replay(path))
                }
                return explorer.findings
            }
        }
        #expect(try await comesTrue { alive.value == 0 })
        return findings
    }
}
