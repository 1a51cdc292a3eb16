// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Tasklets

@Suite struct `The tally of switches` {
    @Test func `Every cause and every mechanism has its own cell`() {
        for cause in SwitchCause.allCases {
            for switching in Switching.allCases {
                let tally = SwitchTally()
                defer { tally.deallocate() }
                tally.add(cause, switching)
                tally.add(cause, switching)
                var counters = SchedulerCounters()
                tally.snapshot(into: &counters)
                #expect(counters.causes.filter { $0.value > 0 } == [cause: 2])
                #expect(counters.switches.filter { $0.value > 0 } == [switching: 2])
                let details = counters.details.mapValues { $0.filter { $0.value > 0 } }.filter { !$0.value.isEmpty }
                #expect(details == [switching: [cause: 2]])
            }
        }
    }

    @Test func `Tasklets leave the roster in any order`() {
        let scheduler = IdleScheduler(nodes: 4)
        for removed in scheduler.nodes.indices {
            var roster = Roster()
            scheduler.nodes.forEach { roster.add($0) }
            #expect(roster.nodes == scheduler.nodes)
            roster.main = scheduler.nodes[0]
            roster.remove(scheduler.nodes[removed])
            #expect(roster.count == 3)
            #expect(roster.nodes == scheduler.nodes.filter { $0 != scheduler.nodes[removed] })
            #expect((roster.main == nil) == (removed == 0))
            roster.nodes.forEach { roster.remove($0) }
            #expect(roster.nodes.isEmpty)
        }
    }
}
