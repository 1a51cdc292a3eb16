// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Subprocess
import Testing

@testable import Commands

@Suite("bench run --suite deadlocks")
struct DeadlockSuiteTests {
    @Test("a matrix has a row for each case and style, and a column for each scheduler")
    func matrix() {
        let text = matrix(surprise: nil).markdown
        #expect(text.contains("\n| Case | Style | epoll/soft | nio/hard |\n| --- | --- | --- | --- |\n"))
        #expect(text.contains("\n| E1 | classic | deadlock, named | value |\n"))
        #expect(text.contains("\n- E1: It has fired.\n"))
        #expect(text.hasSuffix("\nAll 2 programs have ended as expected."))
    }

    @Test("what was not expected stands out, and is told in full")
    func surprises() {
        let matrix = matrix(surprise: "it hangs")
        #expect(matrix.surprises == ["E1, classic, nio/hard: it hangs"])
        #expect(matrix.markdown.contains("\n| E1 | classic | deadlock, named | **value** |\n"))
        #expect(
            matrix.markdown.contains(
                "\n1 of 2 programs have not ended as expected:\n\n- E1, classic, nio/hard: it hangs"
            )
        )
    }

    private func matrix(surprise: String?) -> DeadlockMatrix {
        let cells = [
            DeadlockMatrix.Cell(word: "deadlock, named", surprise: nil),
            DeadlockMatrix.Cell(word: "value", surprise: surprise),
        ]
        let row = DeadlockMatrix.Row(identifier: "E1", sentence: "It has fired.", style: "classic", cells: cells)
        return DeadlockMatrix(schedulers: ["epoll/soft", "nio/hard"], rows: [row])
    }

    @Test("every case ends as expected, and the report is also a file", .tags(.slow))
    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "deadlocks-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let arguments = [
            "run", "--suite", "deadlocks", "--backends", "epoll,thread-per-task", "--output", folder.path(),
        ]
        let bench = try await BenchProcess.run(arguments)
        #expect(bench.status == 0)
        #expect(bench.output.contains("All 240 programs have ended as expected."))
        #expect(bench.output.contains("| E2 | one-shot | error | error | error | no reactor |"))
        let file = try String(contentsOf: folder.appending(path: "deadlocks.md"), encoding: .utf8)
        #expect(bench.output.hasPrefix(file))
    }

    @Test("options of measurements are refused")
    func refusals() async throws {
        let bench = try await BenchProcess.run(["run", "--suite", "deadlocks", "--quick"])
        #expect(bench.status == 2)
        #expect(bench.errors.contains("--quick cannot be combined with --suite deadlocks, which measures nothing"))
        let unknown = try await BenchProcess.run(["run", "--suite", "deadlocks", "--backends", "epol"])
        #expect(unknown.status == 2)
    }
}
