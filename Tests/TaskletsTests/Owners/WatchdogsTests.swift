// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Tasklets

@Suite struct `Nested watchdogs` {
    @Test func `Of nested budgets the outermost counts`() {
        let nodes = IdleScheduler(nodes: 3)
        var watchdogs = Watchdogs()
        #expect(watchdogs.isEmpty)
        watchdogs.add(nodes.nodes[0], budget: nil)
        #expect(watchdogs.budget == nil)
        watchdogs.add(nodes.nodes[1], budget: 5)
        watchdogs.add(nodes.nodes[2], budget: 2)
        #expect(watchdogs.budget == 5)
        #expect(watchdogs.innermost == nodes.nodes[2])
    }

    @Test func `A watchdog that continues takes the inner ones with it`() {
        let nodes = IdleScheduler(nodes: 3)
        var watchdogs = Watchdogs()
        for (node, budget) in zip(nodes.nodes, [nil, 5, 2]) { watchdogs.add(node, budget: budget) }
        let (overrunner, inner) = watchdogs.remove(nodes.nodes[1])
        #expect(overrunner == nil)
        #expect(inner == [nodes.nodes[2]])
        #expect(watchdogs.budget == nil)
        #expect(watchdogs.innermost == nodes.nodes[0])
        #expect(watchdogs.remove(nodes.nodes[1]).inner.isEmpty)
    }
}
