// SPDX-License-Identifier: Apache-2.0

import Measurement
import Testing

@testable import Reports

@Suite("The page of bench doctor")
struct DoctorPageTests {
    private static let conditions: [Condition] = [
        .fine("load average", "0.12 on 2 CPUs"),
        .widens(
            "steal time",
            "3.1 % of the allowed CPUs' time",
            "The host is shared: measure at another hour, or on a machine with dedicated CPUs."
        ),
        .lacks("perf", "missing", "Install it."), .unknown("frequency boost", "See the two speeds."),
    ]

    @Test("a condition is a line, with its advice below unless it is fine, and the last line counts them")
    func page() {
        let expected = """
            What widens the noise of measurements on this machine

            ok       load average     0.12 on 2 CPUs
            widens   steal time       3.1 % of the allowed CPUs' time
                     The host is shared: measure at another hour, or on a machine with
                     dedicated CPUs.
            lacks    perf             missing
                     Install it.
            unknown  frequency boost  ?
                     See the two speeds.

            4 conditions: ok 1, widens 1, lacks 1, unknown 1

            """
        #expect(DoctorPage.text(Self.conditions) == expected)
    }

    @Test("the floor of the machine stands between the conditions and the counts")
    func floor() {
        let text = DoctorPage.text(Self.conditions, floor: ["ping-pong  1.2 %", "ring       0.9 %"])
        #expect(
            text.hasSuffix(
                """
                         See the two speeds.

                This machine's floor
                ping-pong  1.2 %
                ring       0.9 %

                4 conditions: ok 1, widens 1, lacks 1, unknown 1

                """
            )
        )
    }

    @Test("no line is wider than 80 columns, whatever the machine reports")
    func width() {
        let long = String(repeating: "long words ", count: 40)
        let wide = String(repeating: "x", count: 500)
        let conditions: [Condition] = [
            .widens("name", long, long), .widens("name", wide, wide), .fine("name", ""), .fine(wide, long),
        ]
        for line in DoctorPage.text(conditions.dropLast()).split(separator: "\n") {
            #expect(line.count <= 80, "\(line)")
        }
        #expect(DoctorPage.text(conditions).contains(wide))
        #expect(DoctorPage.text([]).hasSuffix("0 conditions: ok 0, widens 0, lacks 0, unknown 0\n"))
    }

    @Test("text breaks between words, and within one that is wider than a line")
    func wrapping() {
        #expect(Wrapping.lines("one two  three", width: 7) == ["one two", "three"])
        #expect(Wrapping.lines("abcdefgh i", width: 3) == ["abc", "def", "gh", "i"])
        #expect(Wrapping.lines("", width: 3) == [""])
        #expect(Wrapping.lines("ab", width: 0) == ["a", "b"])
    }
}
