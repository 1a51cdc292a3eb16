// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Harness

@Suite struct `Colour` {
    @Test func `Is for terminals that can show it, unless NO_COLOR is set`() {
        func shows(_ isTerminal: Bool, _ environment: [String: String]) -> Bool {
            Console.showsColour(isTerminal: isTerminal) { environment[$0] }
        }
        #expect(shows(true, ["TERM": "xterm"]))
        #expect(shows(true, ["TERM": "xterm", "NO_COLOR": ""]))
        #expect(!shows(true, ["TERM": "xterm", "NO_COLOR": "1"]))
        #expect(!shows(false, ["TERM": "xterm"]))
        #expect(!shows(true, ["TERM": "dumb"]))
        #expect(!shows(true, [:]))
    }
}
