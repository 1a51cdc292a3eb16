// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Measurement
import Testing

@testable import bench

@Suite("Run requests")
struct RunRequestTests {
    private func request(_ arguments: String...) throws -> RunRequest {
        try RunRequest(RunArguments.parse(arguments), allowedCPUs: CPUSet([0, 1]))
    }

    private func complaint(_ arguments: [String]) -> String {
        do {
            _ = try RunRequest(RunArguments.parse(arguments), allowedCPUs: CPUSet([0, 1]))
            return "no complaint"
        } catch {
            return "\(error)"
        }
    }

    @Test("without arguments the suite has every workload, and every backend in its standard switchings")
    func standard() throws {
        let cells = try request().plan.cells
        #expect(
            cells.map(\.workload).unique == [
                "ping-pong", "yield", "ring", "skynet", "spawn-join", "parked", "timers", "echo",
                "http-server", "fan-out-http", "hog", "hog-checkpoints",
            ]
        )
        #expect(
            cells.prefix(8).map { "\($0.backend)/\($0.switching)" } == [
                "round-robin/soft", "round-robin/hard", "round-robin/continuation", "epoll/soft", "epoll/hard",
                "epoll/continuation", "dispatch/\(cells[6].switching)", "thread-per-task/kernel",
            ]
        )
        #expect(Set(cells.map(\.cpus)) == ["1"])
    }

    @Test("a setting reaches the workloads that have the parameter, and leaves the others alone")
    func settings() throws {
        let cells = try request("ping-pong", "yield", "--set", "messages=7").plan.cells
        #expect(cells.first?.parameters == ["messages": 7])
        #expect(cells.last?.parameters == ["tasklets": 100, "yields": 500])
    }

    @Test("a switching without backends chooses those that support it")
    func switching() throws {
        let cells = try request("yield", "--switching", "kernel").plan.cells
        #expect(cells.map(\.backend) == ["thread-per-task"])
    }

    @Test("the baseline is the first strategy, or the one that is named")
    func baseline() throws {
        #expect(try request().baseline == Baseline(backend: "round-robin", switching: "soft"))
        #expect(try request("--baseline", "epoll/hard").baseline == Baseline(backend: "epoll", switching: "hard"))
        #expect(try request("--baseline", "thread-per-task").baseline.switching == "kernel")
    }

    @Test("names that are repeated run once")
    func repeated() throws {
        let cells = try request("yield", "yield", "--backends", "epoll,epoll", "--switching", "soft,soft").plan.cells
        #expect(cells.count == 1)
    }

    @Test("the given seed, rounds, time limit and processors are taken over")
    func numbers() throws {
        let plan = try request("--seed", "9", "--rounds", "2", "--time-limit", "1.5", "--cpus", "0-1").plan
        #expect(plan.seed == 9)
        #expect(plan.rounds == 2)
        #expect(plan.timeLimit == 1.5)
        #expect(plan.cells[0].cpus == "0-1")
    }

    @Test(
        "what cannot be done is said in one sentence, with what is allowed",
        arguments: [
            (
                ["pingpong"],
                "unknown workload 'pingpong'; there are ping-pong, yield, ring, skynet, spawn-join, parked, timers, echo, "
                    + "http-server, fan-out-http, hog, hog-checkpoints; "
                    + "did you mean 'ping-pong'?"
            ),
            (
                ["lst"],
                "unknown workload 'lst'; there are ping-pong, yield, ring, skynet, spawn-join, parked, timers, echo, "
                    + "http-server, fan-out-http, hog, hog-checkpoints; "
                    + "did you mean 'list'?"
            ),
            (
                ["--backends", "epol"],
                "unknown backend 'epol'; there are round-robin, epoll, dispatch, thread-per-task, nio; "
                    + "did you mean 'epoll'?"
            ),
            (
                ["--backends", ""],
                "--backends needs at least one backend; there are round-robin, epoll, dispatch, thread-per-task, nio"
            ),
            (
                ["--switching", ","],
                "--switching needs at least one switching; there are soft, hard, continuation, kernel"
            ),
            (
                ["--switching", "hart"],
                "unknown switching 'hart'; there are soft, hard, continuation, kernel; "
                    + "did you mean 'hard'?"
            ),
            (
                ["--backends", "thread-per-task", "--switching", "soft"],
                "switching 'soft' is not supported: thread-per-task supports kernel"
            ),
            (
                ["yield", "--set", "yeilds=1"],
                "unknown parameter 'yeilds'; there are tasklets, yields; "
                    + "did you mean 'yields'?"
            ),
            (
                ["yield", "--set", "yields=0"],
                "'0' is not allowed for 'yields' of yield, which takes a whole number from 1 to 1000000000"
            ),
            (
                ["yield", "--set", "yields=many"],
                "'many' is not allowed for 'yields' of yield, which takes a whole number from 1 to 1000000000"
            ),
            (
                ["yield", "--set", "yields"],
                "'yields' is not allowed for --set, which takes NAME=VALUE, such as messages=1000"
            ),
            (["--rounds", "-1"], "'-1' is not allowed for --rounds, which takes a whole number from 1 to 1000"),
            (["--rounds", "1e3"], "'1e3' is not allowed for --rounds, which takes a whole number from 1 to 1000"),
            (
                ["--seed", "x"],
                "'x' is not allowed for --seed, which takes a whole number from 0 to 18446744073709551615"
            ),
            (
                ["--time-limit", "0"],
                "'0' is not allowed for --time-limit, which takes seconds: more than 0, at most 86400"
            ),
            (["--cpus", "99"], "'99' is not allowed for --cpus, which takes CPUs that this process may use: 0-1"),
            (["--cpus", "one"], "'one' is not allowed for --cpus, which takes a list such as 0,2-3"),
            (
                ["--backends", "epoll", "--switching", "soft", "--baseline", "dispatch"],
                "unknown baseline 'dispatch'; there are epoll, epoll/soft"
            ),
        ]
    )
    func mistakes(arguments: [String], sentence: String) {
        #expect(complaint(arguments) == sentence)
    }
}
