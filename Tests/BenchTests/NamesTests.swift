// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Commands

@Suite("Names")
struct NamesTests {
    @Test(
        "the distance counts insertions, deletions and substitutions",
        arguments: [("", "", 0), ("epoll", "epol", 1), ("kitten", "sitting", 3), ("", "abc", 3), ("ab", "ba", 2)]
    )
    func distance(left: String, right: String, edits: Int) {
        #expect(Names.distance(left, right) == edits)
        #expect(Names.distance(right, left) == edits)
    }

    @Test("a typing error is recognized, another word is not")
    func nearest() {
        let known = ["ping-pong", "yield", "ring"]
        #expect(Names.nearest(to: "pingpong", in: known) == "ping-pong")
        #expect(Names.nearest(to: "yeild", in: known) == "yield")
        #expect(Names.nearest(to: "completely-different", in: known) == nil)
        #expect(Names.nearest(to: "x", in: []) == nil)
    }
}
