// SPDX-License-Identifier: Apache-2.0

import Tasklets
import Testing

@Suite("Labels")
struct LabelTests {
    private func label(_ labels: inout RecentLabels, _ name: String?, line: UInt32 = 1) -> UInt32 {
        labels.label(of: name, file: "Some/File.swift", line: line) { "Some/File.swift:\(line)" }
    }

    private func name(_ label: UInt32) -> String { Labels.names[Int(label) - 1] }

    @Test("a name has one label, whatever memory its text is in")
    func oneName() {
        var labels = RecentLabels()
        let literal: String = "a name that is too long for the string itself"
        let first = label(&labels, literal)
        #expect(label(&labels, literal) == first)
        #expect(label(&labels, literal.split(separator: " ").joined(separator: " ")) == first)
        #expect(name(first) == literal)
    }

    @Test("many names, made and forgotten one after another, are told apart")
    func manyNames() {
        var labels = RecentLabels()
        for round in 1...3 {
            for number in 0..<1_000 {
                let text = "worker number \(number) of a thousand"
                #expect(name(label(&labels, text)) == text, "round \(round)")
            }
        }
    }

    @Test("short names are told apart, the empty one among them")
    func shortNames() {
        var labels = RecentLabels()
        for text in ["", "a", "b", "", "ab", "a", "ba"] { #expect(name(label(&labels, text)) == text) }
    }

    @Test("without a name the place of the spawn is the name")
    func places() {
        var labels = RecentLabels()
        let first = label(&labels, nil, line: 7)
        #expect(name(first) == "Some/File.swift:7")
        #expect(label(&labels, nil, line: 8) != first)
        #expect(label(&labels, "Some/File.swift:7") == first)
        #expect(label(&labels, nil, line: 7) == first)
    }
}
