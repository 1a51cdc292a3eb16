// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Harness

@Suite("Console")
struct ConsoleTests {
    @Test("a message of several lines becomes one")
    func oneLine() {
        #expect(Console.oneLine("Deadlock:\n  a waits\n\n") == "Deadlock: a waits")
    }
}
