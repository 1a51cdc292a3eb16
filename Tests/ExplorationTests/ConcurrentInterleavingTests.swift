// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// A scheduler with several threads, where a test decides which one continues.
///
/// As on an ordered scheduler, the exploration reaches every state into which any program of some operations can bring
/// three tasklets and their channels; but tasklets may run at the same time, on different threads, and move between
/// them; and in each run the scheduler itself names and kills the tasklets left over. Each setting has 340 to 1,100
/// states, and 1,900 to 6,400 actions in them.
@Suite struct `Every order of operations on several threads` {
    private static let cases: [(Setting, Switching)] = [
        (Setting.bare, .soft), (.bare, .continuation), (.synchronous, .soft), (.killers, .soft),
        (.deadlines, .soft), (.selects, .soft), (.selectsUntil, .continuation),
    ]

    @Test(arguments: cases)
    func `No tasklet waits while a partner waits, and nothing is lost, duplicated or leaked`(
        setting: Setting,
        switching: Switching
    ) async throws {
        let findings = try await explore(setting, switching) { $1.key }
        #expect(findings.fault == nil)
        #expect(findings.states > 250)
    }

    /// Here no two states count as the same: these are all the paths from beginning to end.
    @Test func `Three programs of two operations meet in every way`() async throws {
        let findings = try await explore(.shortPrograms, .soft) { path, _ in path }
        #expect(findings.fault == nil)
        #expect(findings.ends > 100)
    }

    @Test func `A lost wake-up is detected, by a shortest path`() async throws {
        let findings = try await explore(.synchronous, .soft, losingWakeUps: true) { $1.key }
        #expect(
            findings.fault.map { "\($0)" } == """
                lost wake-up: puppet 0 cannot continue, after:
                  0 sends synchronously on 0
                  main has 0 killed when it next runs
                """
        )
    }

    private func explore<Key: Hashable & Sendable>(
        _ setting: Setting,
        _ switching: Switching,
        losingWakeUps: Bool = false,
        key: @escaping @Sendable ([Action], Visit<Action, ChannelOracle.Key>) -> Key
    ) async throws -> Findings {
        let driver = BatonDriver(threads: setting.puppets, losesWakeUps: losingWakeUps)
        let scheduler = driver.makeScheduler(switching)
        let alive = Counter()
        let findings = try await onItsOwnThread {
            var explorer = ReplayExplorer<Action, Key>()
            while let path = explorer.nextPath {
                let visit = try ConcurrentReplay.replay(path, setting, scheduler, driver, alive)
                explorer.note(Visit(key: key(path, visit), actions: visit.actions, fault: visit.fault))
            }
            return explorer.findings
        }
        #expect(try await comesTrue { alive.value == 0 })
        return findings
    }
}
