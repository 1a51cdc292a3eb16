// SPDX-License-Identifier: Apache-2.0

import Foundation
import Measurement
import ParameterValues
import Testing

@Suite struct `The parameters of a cell` {
    private var cell: Cell {
        var cell = Fixture.cell("epoll")
        cell.parameters = ["style": "one-shot", "fan-out": 5]
        return cell
    }

    @Test func `Are numbers and words, in a list sorted by name`() {
        #expect(cell.parameterList == "fan-out=5;style=one-shot")
        #expect(cell.number("fan-out") == 5 && cell.word("style") == "one-shot")
        #expect(cell.number("style") == nil && cell.word("fan-out") == nil && cell.number("delay") == nil)
    }

    @Test func `Are bare numbers and strings in JSON`() throws {
        let data = try JSONEncoder().encode(cell)
        let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        let parameters = try #require(json?["parameters"] as? [String: Any])
        #expect(parameters["fan-out"] as? Int == 5 && parameters["style"] as? String == "one-shot")
        #expect(try JSONDecoder().decode(Cell.self, from: data) == cell)
    }

    @Test func `Are read from results that have numbers alone`() throws {
        let old = """
            {"workload": "ring", "parameters": {"nodes": 10}, "backend": "epoll", "switching": "soft", "cpus": "1",
            "metric": {"name": "hop", "unit": "ns", "direction": "lower"}}
            """
        #expect(try JSONDecoder().decode(Cell.self, from: Data(old.utf8)).parameters == ["nodes": 10])
    }
}
