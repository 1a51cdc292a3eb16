// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Testing

@testable import Measurement
@testable import Reports

@Suite struct `The names of schedulers` {
    private static let cells =
        ["epoll", "nio"].flatMap { name in
            ["soft", "hard"].map { switching in cell(name, switching) }
        } + [cell("dispatch", "soft")]
    private static let names = SchedulerNames(cells)
    private static let all = cells.map(SchedulerName.init)

    private static func cell(_ backend: String, _ switching: String) -> Cell {
        var cell = ReportFixture.cell(backend)
        cell.switching = switching
        return cell
    }

    private static func list(_ indices: [Int], width: Int = 80) -> String {
        names.list(indices.map { all[$0] }, of: all, width: width)
    }

    @Test func `Leave the switching out where a backend ran with one only`() {
        #expect(Self.all.map(Self.names.name) == ["epoll soft", "epoll hard", "nio soft", "nio hard", "dispatch"])
    }

    @Test func `Are listed by what they have in common`() {
        #expect(Self.list([0]) == "epoll soft")
        #expect(Self.list([0, 2]) == "soft (all)")
        #expect(Self.list([0, 1]) == "epoll (all)")
        #expect(Self.list([0, 1, 3]) == "epoll (all), nio (hard)")
        #expect(Self.list([0, 3]) == "soft (epoll), hard (nio)")
        #expect(Self.list([4, 1, 3]) == "dispatch, hard (all)")
    }

    @Test func `Are counted where they do not fit`() {
        #expect(Self.list([0, 1, 3, 4], width: 33) == "epoll (all), nio (hard), dispatch")
        #expect(Self.list([0, 1, 3, 4], width: 32) == "epoll (all) and 2 more")
        #expect(Self.list([0, 1, 3, 4], width: 5) == "4 schedulers")
    }
}

@Suite struct `The kinds of load` {
    @Test func `Share no workload`() {
        let all = LoadKind.allCases.flatMap(\.workloads)
        #expect(Set(all).count == all.count)
        #expect(LoadKind(ofWorkload: "ring") == .messages)
        #expect(LoadKind(ofWorkload: "nonesuch") == nil)
    }
}
