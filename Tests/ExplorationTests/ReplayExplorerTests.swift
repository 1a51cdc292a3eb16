// SPDX-License-Identifier: Apache-2.0

import Testing

/// The explorer of running code, on a number that can be incremented and doubled.
@Suite struct `The explorer by replay` {
    private func explore(forbidden: Int? = nil, until limit: Int) -> Findings {
        var explorer = ReplayExplorer<String, Int>()
        while let path = explorer.nextPath {
            let number = path.reduce(1) { $1 == "add" ? $0 + 1 : $0 * 2 }
            let actions = ["add", "double"].filter { number + ($0 == "add" ? 1 : number) <= limit }
            explorer.note(Visit(key: number, actions: actions, fault: number == forbidden ? "forbidden" : nil))
        }
        return explorer.findings
    }

    @Test func `It tries every action in every state once, and counts the ends`() {
        let findings = explore(until: 4)
        #expect(findings.fault == nil)
        // From 1 and 2 to the successor and the double, from 3 only to 4, and 4 is the end.
        #expect((findings.states, findings.steps, findings.ends) == (4, 5, 1))
    }

    @Test func `It finds a fault by a shortest path, and stops there`() throws {
        let fault = try #require(explore(forbidden: 9, until: 100).fault)
        #expect("\(fault)" == "forbidden, after:\n  add\n  double\n  double\n  add")
    }
}
