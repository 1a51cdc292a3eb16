// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Harness
import Measurement
import ParameterValues
import Reports
import Testing
import Workloads

@testable import Commands

@Suite("Run requests")
struct RunRequestTests {
    private func request(_ arguments: String...) throws -> RunRequest {
        try RunRequest(RunArguments.parse(arguments), allowedCPUs: CPUSet([0, 1]))
    }

    private func message(_ arguments: [String]) -> String {
        do {
            _ = try RunRequest(RunArguments.parse(arguments), allowedCPUs: CPUSet([0, 1]))
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test("without arguments the suite has every workload on every backend in its standard switchings")
    func standard() throws {
        let cells = try request().plan.cells
        #expect(
            cells.map(\.workload).unique == [
                "ping-pong", "yield", "ring", "producer-consumer", "select", "sieve", "skynet", "spawn-join",
                "parked", "timers", "echo", "echo-idle", "chat", "http-server", "fan-out-http", "hog",
                "hog-checkpoints",
            ]
        )
        #expect(
            cells.prefix(15).map { "\($0.scheduler)/\($0.switching)" } == [
                "round-robin/soft", "round-robin/hard", "round-robin/continuation", "epoll/soft", "epoll/hard",
                "epoll/continuation", "dispatch/\(cells[6].switching)", "dispatch ×2/\(cells[6].switching)",
                "thread-per-task/kernel", "thread-per-task ×2/kernel", "nio/soft", "nio/hard", "nio/continuation",
                "swift-concurrency/continuation", "swift-concurrency ×2/continuation",
            ]
        )
        #expect(cells.allSatisfy { $0.cpus == ($0.workers == nil ? "1" : "0-1") })
    }

    @Test("kinds of load pick their workloads, beside those that are named, each once")
    func loads() throws {
        let cells = try request("skynet", "ring", "--load", "messages,switching").plan.cells
        #expect(
            cells.map(\.workload).unique == [
                "skynet", "ring", "ping-pong", "producer-consumer", "select", "sieve", "yield",
            ]
        )
        #expect(message(["--load", "mesages"]).contains("unknown kind of load 'mesages'; expected one of switching, "))
        #expect(message(["--load", "mesages"]).hasSuffix("; did you mean 'messages'?"))
        #expect(message(["--load", "hog,"]).contains("unknown kind of load ''"))
    }

    @Test("the suite of peers has what they can do, on the fastest schedulers and on several processors")
    func peers() throws {
        let directory = try TemporaryDirectory()
        let announcement =
            #"{"protocol":1,"name":"fake","version":"1","workloads":["ping-pong","echo","parked"],"parallel":true}"#
        let program = PeerFixture.shell(answer: "", announcement: announcement)
        let peer = try PeerFixture(in: directory, program: program).path
        let cells = try request("--suite", "peers", "--peers", peer).plan.cells
        #expect(
            cells.map(\.workload).unique == [
                "ping-pong", "yield", "ring", "skynet", "spawn-join", "parked", "timers", "echo", "http-server",
                "fan-out-http", "hog",
            ]
        )
        // What is left of ten minutes and of two, for all peers and for two of them, is for installing and building.
        #expect(Suite.peers.budget(peers: 22) == 480)
        #expect(Suite.peers.budget(peers: 2) == 100)
        #expect(try request("--suite", "peers", "--peers", peer).plan.budget == 80)
        #expect(try request("--suite", "peers", "--peers", peer, "--quick").plan.budget == 60)
        // The second processor is the clients' in echo, and memory is the same on several.
        #expect(
            cells.filter { $0.backend == "peer:fake" }.map { "\($0.workload) \($0.scheduler) \($0.cpus)" } == [
                "ping-pong peer:fake 1", "ping-pong peer:fake ×2 0-1", "parked peer:fake 1", "echo peer:fake 1",
            ]
        )
    }

    @Test("a suite takes the place of workloads")
    func suites() throws {
        #expect(try request("--suite", "standard").plan.cells == request().plan.cells)
        let unknown = "unknown suite 'standart'; expected one of standard, peers, seed, deadlocks"
        #expect(message(["--suite", "standart"]).contains(unknown))
        let refused = "--suite cannot be combined with 'ring', which chooses workloads, too"
        #expect(message(["ring", "--suite", "peers"]) == refused)
        #expect(message(["--load", "messages", "--suite", "peers"]).contains("with --load messages, which"))
    }

    @Test("every workload belongs to a kind of load, and every kind to workloads")
    func kinds() {
        #expect(Set(Workloads.all.map(\.name)) == Set(LoadKind.allCases.flatMap(\.workloads)))
    }

    @Test("a run has plots unless it is told to have none")
    func plots() throws {
        #expect(try request("ring").hasPlots)
        #expect(try !request("ring", "--no-plots").hasPlots)
    }

    @Test("a run is traced if it is told so")
    func traces() throws {
        #expect(try !request("ring").isTraced)
        #expect(try request("ring", "--trace").isTraced)
    }

    @Test("a setting applies only to the workloads with the parameter")
    func settings() throws {
        let cells = try request("ping-pong", "yield", "--set", "messages=7").plan.cells
        #expect(cells.first?.parameters == ["messages": 7])
        #expect(cells.last?.parameters == ["tasklets": 100, "yields": 500])
    }

    @Test("several values of a parameter are measured one after another, in every combination")
    func sweeps() throws {
        let cells = try request("yield", "--set", "tasklets=1,2,1", "--set", "yields=3,4", "--backends", "epoll").plan
            .cells
        #expect(
            cells.filter { $0.switching == "soft" }.map(\.parameters) == [
                ["tasklets": 1, "yields": 3], ["tasklets": 1, "yields": 4], ["tasklets": 2, "yields": 3],
                ["tasklets": 2, "yields": 4],
            ]
        )
    }

    @Test("a parameter that is a word takes one of several, and several are measured one after another")
    func words() throws {
        let plan = try request("blocking-styles", "--set", "style=callbacks,one-shot", "--backends", "epoll").plan
        let cells = plan.cells.filter { $0.switching == "soft" }
        #expect(cells.map { $0.word("style") } == ["callbacks", "one-shot"])
        #expect(Set(cells.map { $0.word("place") }) == ["tasklet"])
        #expect(cells.last?.parameterList.hasSuffix(";place=tasklet;requests=500;soften=none;style=one-shot") == true)
    }

    @Test("a workload's own combinations are measured where nothing that they vary is set")
    func combinations() throws {
        func cells(_ setting: String) throws -> [Cell] {
            try request("blocking-styles", "--backends", "epoll", "--switching", "soft", "--set", setting).plan.cells
        }
        let own = try cells("requests=7")
        let styles = try #require(Workloads.named("blocking-styles")).combinations
        #expect(own.map(\.parameters).unique.count == styles.count && styles.count > 4)
        #expect(own.allSatisfy { $0.number("requests") == 7 && $0.number("fan-out") == 5 })
        #expect(try request("blocking-styles", "ring").plan.comparingParameters == ["blocking-styles"])
        #expect(try request("ring").plan.comparingParameters == nil)
        let chosen = try cells("place=frame")
        #expect(chosen.map { [$0.word("style"), $0.word("place")] } == [["tasklets", "frame"]])
    }

    @Test("the four processes of a row of fan-out-http make 1,000 requests")
    func requests() throws {
        let plan = try request("fan-out-http").plan
        for cell in plan.cells { #expect(plan.rounds * (cell.number("requests") ?? 0) >= 1_000) }
        #expect(plan.cells.first?.parameters["requests"] == 250)
    }

    @Test("a switching without backends selects the backends that support it")
    func switching() throws {
        let cells = try request("yield", "--switching", "kernel").plan.cells
        #expect(cells.map(\.backend).unique == ["thread-per-task"])
    }

    @Test("several workers are cells of their own, on as many CPUs, where a backend can use them")
    func workers() throws {
        let arguments = ["yield", "--backends", "epoll,dispatch,thread-per-task", "--workers", "1,2"]
        let run = try RunRequest(
            RunArguments.parse(arguments + ["--switching", "soft,kernel"]),
            allowedCPUs: CPUSet([0, 1])
        )
        #expect(
            run.plan.cells.map { "\($0.scheduler) \($0.switching) \($0.cpus)" } == [
                "epoll soft 1", "dispatch soft 1", "dispatch ×2 soft 0-1", "thread-per-task kernel 1",
                "thread-per-task ×2 kernel 0-1",
            ]
        )
        #expect(run.baseline.matches(run.plan.cells[0]))
        let dispatch = try request("yield", "--backends", "dispatch", "--workers", "1,2", "--switching", "soft")
        #expect(dispatch.plan.cells.map(dispatch.baseline.matches) == [true, false])
        #expect(
            message(["--backends", "epoll,nio", "--workers", "1,3"])
                == "--workers 3 needs a backend that can use several processors: dispatch or thread-per-task "
                + "or swift-concurrency"
        )
        let several = try request("yield", "--backends", "epoll,dispatch", "--workers", "2", "--switching", "soft")
        #expect(several.plan.cells.map(\.scheduler) == ["epoll", "dispatch ×2"])
        let alone = try request("yield", "--backends", "dispatch", "--workers", "2", "--switching", "soft")
        #expect(alone.plan.cells.map(alone.baseline.matches) == [true])
        #expect(
            message(["--backends", "dispatch", "--workers", "3"])
                == "invalid value '3' for --workers: expected at most as many as the CPUs 0-1"
        )
        #expect(message(["--cpus", "1", "--workers", "1,2"]).contains("at most as many as the CPUs 1"))
        #expect(message(["--planted", "3"]) == "--planted needs --against")
        #expect(message(["--workers", "0"]).hasPrefix("invalid value '0' for --workers: expected a whole number"))
        #expect(message(["--workers", "1,"]).hasPrefix("invalid value '' for --workers"))
    }

    private static let several = ["dispatch", "thread-per-task", "swift-concurrency"]

    @Test(
        "schedulers that can use several processors are measured on one and on all, less one for a server's clients",
        arguments: [
            (workload: "yield", cpus: [0, 1], extra: several.map { "\($0) ×2 on 0-1" }),
            (workload: "yield", cpus: [2], extra: []),
            (workload: "echo", cpus: [0, 1], extra: []),
            (workload: "echo", cpus: [0, 1, 2, 3], extra: several.map { "\($0) ×3 on 1-3" }),
        ]
    )
    func standardWorkers(workload: String, cpus: [Int], extra: [String]) throws {
        func cells(_ arguments: String...) throws -> [String] {
            let run = try RunRequest(RunArguments.parse([workload] + arguments), allowedCPUs: CPUSet(cpus))
            #expect(run.baseline.matches(run.plan.cells[0]))
            return run.plan.cells.map { "\($0.scheduler) on \($0.cpus)" }
        }
        let last = try #require(cpus.last)
        let all = try cells()
        #expect(all.filter { $0.contains("×") } == extra)
        #expect(all.contains("dispatch on \(last)") && all.contains("epoll on \(last)"))
        #expect(try !cells("--workers", "1").contains { $0.contains("×") })
        #expect(try !cells("--cpus", CPUSet(cpus).list).contains { $0.contains("×") })
    }

    @Test("the baseline is the first scheduler, or the named one")
    func baseline() throws {
        #expect(try request().baseline == Baseline(backend: "round-robin", switching: "soft"))
        #expect(try request("--baseline", "epoll/hard").baseline == Baseline(backend: "epoll", switching: "hard"))
        #expect(
            try request("--baseline", "thread-per-task").baseline
                == Baseline(backend: "thread-per-task", switching: "kernel")
        )
    }

    @Test("repeated names run once")
    func repeated() throws {
        let cells = try request("yield", "yield", "--backends", "epoll,epoll", "--switching", "soft,soft").plan.cells
        #expect(cells.count == 1)
    }

    @Test("the plan has the given seed, rounds, time limit and processors")
    func numbers() throws {
        let plan = try request("--seed", "9", "--rounds", "2", "--time-limit", "1.5", "--cpus", "0-1").plan
        #expect(plan.seed == 9)
        #expect(plan.rounds == 2)
        #expect(plan.budget == nil)
        #expect(plan.timeLimit == 1.5)
        #expect(plan.cells[0].cpus == "0-1")
    }

    @Test("without a number of rounds, a run has a budget of time: of the suite, or of each workload")
    func budgets() throws {
        #expect(try request().plan.budget == 168)
        #expect(try request("yield").plan.budget == 30)
        #expect(try request("yield", "ring", "--quick").plan.budget == 24)
    }

    @Test(
        "a usage error names the value and what is allowed",
        arguments: [
            (
                ["pingpong"],
                "unknown workload 'pingpong'; expected one of ping-pong, yield, ring, producer-consumer, select, sieve, "
                    + "skynet, spawn-join, parked, timers, echo, echo-idle, chat, http-server, fan-out-http, hog, "
                    + "hog-checkpoints, depth, depth-async, blocking-styles, protocol-in-tasklet, protocol-memory, "
                    + "hog-share; "
                    + "did you mean 'ping-pong'?"
            ),
            (
                ["lst"],
                "unknown workload 'lst'; expected one of ping-pong, yield, ring, producer-consumer, select, sieve, "
                    + "skynet, spawn-join, parked, timers, echo, echo-idle, chat, http-server, fan-out-http, hog, "
                    + "hog-checkpoints, depth, depth-async, blocking-styles, protocol-in-tasklet, protocol-memory, "
                    + "hog-share; "
                    + "did you mean 'list'?"
            ),
            (
                ["doctr"],
                "unknown workload 'doctr'; expected one of ping-pong, yield, ring, producer-consumer, select, sieve, "
                    + "skynet, spawn-join, parked, timers, echo, echo-idle, chat, http-server, fan-out-http, hog, "
                    + "hog-checkpoints, depth, depth-async, blocking-styles, protocol-in-tasklet, protocol-memory, "
                    + "hog-share; "
                    + "did you mean 'doctor'?"
            ),
            (
                ["--backends", "epol"],
                "unknown backend 'epol'; expected one of round-robin, epoll, dispatch, thread-per-task, nio, io-uring, "
                    + "swift-concurrency; did you mean 'epoll'?"
            ),
            (
                ["--backends", ""],
                "--backends needs at least one backend: round-robin, epoll, dispatch, thread-per-task, nio, io-uring, "
                    + "swift-concurrency"
            ),
            (
                ["--switching", ","],
                "--switching needs at least one switching: soft, hard, slice, continuation, kernel"
            ),
            (
                ["--switching", "hart"],
                "unknown switching 'hart'; expected one of soft, hard, slice, continuation, kernel; "
                    + "did you mean 'hard'?"
            ),
            (
                ["--backends", "thread-per-task", "--switching", "soft"],
                "switching 'soft' is not supported: thread-per-task supports kernel"
            ),
            (
                ["yield", "--set", "yeilds=1"],
                "unknown parameter 'yeilds'; expected one of tasklets, yields; "
                    + "did you mean 'yields'?"
            ),
            (
                ["yield", "--set", "yields=0"],
                "invalid value '0' for 'yields' of yield: expected a whole number from 1 to 1000000000"
            ),
            (
                ["yield", "--set", "yields=many"],
                "invalid value 'many' for 'yields' of yield: expected a whole number from 1 to 1000000000"
            ),
            (
                ["yield", "--set", "yields=1,,2"],
                "invalid value '' for 'yields' of yield: expected a whole number from 1 to 1000000000"
            ),
            (
                ["blocking-styles", "--set", "style=oneshot"],
                "unknown style of blocking-styles 'oneshot'; expected one of callbacks, block-on, one-shot, tasklets; "
                    + "did you mean 'one-shot'?"
            ),
            (
                ["yield", "--set", "yields"],
                "invalid value 'yields' for --set: expected NAME=VALUE, such as messages=1000"
            ),
            (["--rounds", "-1"], "invalid value '-1' for --rounds: expected a whole number from 1 to 1000"),
            (["--rounds", "1e3"], "invalid value '1e3' for --rounds: expected a whole number from 1 to 1000"),
            (
                ["--seed", "x"],
                "invalid value 'x' for --seed: expected a whole number from 0 to 18446744073709551615"
            ),
            (
                ["--time-limit", "0"],
                "invalid value '0' for --time-limit: expected more than 0 and at most 86400 seconds"
            ),
            (["--cpus", "99"], "invalid value '99' for --cpus: expected CPUs that this process may use: 0-1"),
            (["--cpus", "one"], "invalid value 'one' for --cpus: expected a list such as 0,2-3"),
            (
                ["--backends", "epoll", "--switching", "soft", "--baseline", "dispatch"],
                "unknown baseline 'dispatch'; expected one of epoll, epoll/soft"
            ),
        ]
    )
    func mistakes(arguments: [String], sentence: String) {
        #expect(message(arguments) == sentence)
    }
}
