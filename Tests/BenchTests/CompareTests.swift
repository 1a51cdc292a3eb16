// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

@Suite("Comparing two runs on the command line")
struct CompareTests {
    /// Two results directories of three processes each, in a temporary one.
    private struct Runs: ~Copyable {
        private let directory: TemporaryDirectory
        let old: String
        let new: String

        /// The time of the new run is `factor` times that of the old one.
        init(factor: Double) throws {
            let directory = try TemporaryDirectory()
            try Self.write("\(directory.path)/old", [100, 101, 102])
            try Self.write("\(directory.path)/new", [100, 101, 102].map { $0 * factor })
            (old, new) = ("\(directory.path)/old", "\(directory.path)/new")
            self.directory = directory
        }

        private static func write(_ path: String, _ values: [Double]) throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try CompareTests.write(environment, to: "\(path)/environment.json")
            try CompareTests.write(
                """
                workload,parameters,backend,switching,cpus,metric,unit,direction,rounds,median,status,more
                yield,a=1,epoll,soft,"0,2",switch,ns,lower,3,\(values[1]),ok,
                yield,a=1,epoll,soft,"0,2",syscalls,per-operation,info,3,1,ok,

                """,
                to: "\(path)/results.csv"
            )
            let lines = values.enumerated().map { "yield,a=1,epoll,soft,\"0,2\",\($0 + 1),switch,ns,\($1),50000\n" }
            let header = "workload,parameters,backend,switching,cpus,round,metric,unit,value,yardstick\n"
            try CompareTests.write(header + lines.joined(), to: "\(path)/samples.csv")
        }

        private static let environment = """
            {"date": "", "host": "box", "cpuModel": "Some CPU", "cpus": "0-1", "architecture": "x86_64", "kernel": "Linux",
            "virtualization": "none", "governor": "unknown", "clockSource": "tsc", "memory": 1, "loadBefore": "0",
            "swift": "6.3", "build": "release", "commit": "abc"}
            """

        func edit(_ name: String, _ old: String, _ new: String) throws {
            let path = "\(self.new)/\(name)"
            let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            let changed = text.replacing(old, with: new)
            try #require(changed != text)
            try CompareTests.write(changed, to: path)
        }

        func compare(_ options: String...) async throws -> BenchProcess {
            try await BenchProcess.run(["compare", old, new] + options)
        }
    }

    private static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    @Test("a regression exits with 3, an improvement and no change with 0", arguments: [(1.5, 3), (0.5, 0), (1, 0)])
    func status(factor: Double, status: Int32) async throws {
        let bench = try await Runs(factor: factor).compare()
        #expect(bench.status == status, "\(bench.errors)")
        #expect(bench.errors.isEmpty)
    }

    @Test("the table is Markdown, and its last line counts the rows")
    func table() async throws {
        let bench = try await Runs(factor: 2).compare()
        #expect(
            bench.output == """
                | workload | backend | switching | metric |    old |    new | ratio | yardstick | 95 % interval | verdict |
                |----------|---------|-----------|--------|-------:|-------:|------:|----------:|--------------:|---------|
                | yield    | epoll   | soft      | switch | 101 ns | 202 ns |  2.00 |      1.00 |   1.95 – 2.05 | worse   |

                The yardstick, fixed work before and after every turn, took 1.00 times as long in NEW as in OLD (the median of the times and rates compared, which are from 1.00 to 1.00). How much of that acts on a time or a rate is unknown: the interval covers everything from none of it to all, and "better" and "worse" hold for both.

                1 row compared: 1 worse, 0 better, 0 no difference, 0 cannot tell, 0 too few processes, 0 below resolution; 0 not comparable

                """
        )
    }

    @Test("a slower machine is no regression")
    func speed() async throws {
        let runs = try Runs(factor: 1.5)
        try runs.edit("samples.csv", ",50000\n", ",75000\n")
        let bench = try await runs.compare()
        #expect(bench.status == 0)
        #expect(bench.output.contains(" | cannot tell |\n\nThe yardstick, fixed work"))
        #expect(bench.output.contains(" took 1.50 times as long in NEW"))
    }

    @Test("a difference within the threshold is no regression")
    func threshold() async throws {
        let runs = try Runs(factor: 1.5)
        #expect(try await runs.compare("--threshold", "40").status == 3)
        let bench = try await runs.compare("--threshold", "60")
        #expect(bench.status == 0)
        #expect(bench.output.contains("| no difference |"))
    }

    @Test("a fact of the machine that differs is a warning, and no failure")
    func machines() async throws {
        let runs = try Runs(factor: 1)
        try runs.edit("environment.json", "\"box\"", "\"bag\"")
        try runs.edit("environment.json", "\"abc\"", "\"def\"")
        let bench = try await runs.compare()
        #expect(bench.status == 0)
        #expect(
            bench.errors == "bench: the hosts differ, 'box' in OLD and 'bag' in NEW: so the comparison is also one of "
                + "those\n"
        )
        #expect(bench.output.hasPrefix("| workload "))
    }

    @Test("without a record of the environment, the runs are compared all the same", arguments: [true, false])
    func environment(exists: Bool) async throws {
        let runs = try Runs(factor: 2)
        let path = "\(runs.new)/environment.json"
        try exists ? Self.write("{", to: path) : FileManager.default.removeItem(atPath: path)
        let bench = try await runs.compare()
        #expect(bench.status == 3)
        #expect(bench.errors == "bench: '\(path)' is missing or damaged: whether the machines differ is unknown\n")
    }

    @Test(
        "files that cannot be read are refused in one sentence",
        arguments: [
            ("results.csv", "median", "mean", "'%/results.csv' has no column 'median'"),
            ("samples.csv", "value", "price", "'%/samples.csv' has no column 'value'"),
            ("samples.csv", "\"0,2\",2,", "0,2,2,", "line 3 of '%/samples.csv' has 11 fields instead of 10"),
            ("results.csv", ",101.0,", ",fast,", "line 2 of '%/results.csv' has the median 'fast' instead of a number"),
            ("samples.csv", ",102.0", ",", "line 4 of '%/samples.csv' has the value '' instead of a number"),
            ("samples.csv", ",102.0", ",\"", "line 4 of '%/samples.csv' opens a quote that nothing closes"),
            (
                "results.csv", ",ok,", ",fine,",
                "line 2 of '%/results.csv' has the status 'fine' instead of one of ok, failed, unsupported, debug"
            ),
            (
                "results.csv", "syscalls", "switch",
                "line 3 of '%/results.csv' repeats the cell and the metric of line 2"
            ),
        ]
    )
    func damaged(name: String, old: String, new: String, sentence: String) async throws {
        let runs = try Runs(factor: 1)
        try runs.edit(name, old, new)
        let bench = try await runs.compare()
        #expect(bench.status == 2)
        #expect(bench.errors == "bench: \(sentence.replacing("%", with: runs.new))\n")
        #expect(bench.output.isEmpty)
    }

    @Test("a directory without the files is refused", arguments: ["results.csv", "samples.csv"])
    func missing(name: String) async throws {
        let runs = try Runs(factor: 1)
        try FileManager.default.removeItem(atPath: "\(runs.new)/\(name)")
        let bench = try await runs.compare()
        #expect(bench.status == 2)
        #expect(
            bench.errors == "bench: '\(runs.new)' is no results directory of 'bench run': it has no file \(name)\n"
        )
    }

    @Test("a threshold out of range is refused", arguments: ["0", "0.09", "1001", "nan", "-3", "three", "3%", ""])
    func thresholds(text: String) async throws {
        let bench = try await Runs(factor: 1).compare("--threshold", text)
        #expect(bench.status == 2)
        #expect(
            bench.errors
                == "bench: invalid value '\(text)' for --threshold: expected a percentage from 0.1 to 1000\n"
        )
    }
}
