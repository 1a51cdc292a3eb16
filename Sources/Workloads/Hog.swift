// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// CPU-bound tasklets beside echo servers: the latency of messages meanwhile.
    ///
    /// A hog does not leave the processor before it finishes: on a single-threaded scheduler every other tasklet waits.
    static let hog = hog(
        "hog",
        "The latency of echo servers beside CPU-bound tasklets that never yield.",
        slice: nil,
        serverLoad: { HogRun($0, slice: nil).load }
    )

    /// The same with checkpoints: a watchdog moves a hog whose slice is used up to the end of the ring.
    static let hogCheckpoints = hog(
        "hog-checkpoints",
        "The same with hogs that pass checkpoints and yield when their slice is used up.",
        slice: Parameter("slice", "microseconds between checkpoints", default: 100, quick: 100, in: 1...10_000_000)
    )

    /// - Parameter serverLoad: nil with checkpoints: where another runtime preempts, it does that everywhere.
    private static func hog(
        _ name: String,
        _ summary: String,
        slice: Parameter?,
        serverLoad: (@Sendable (Parameters) -> ServerLoad)? = nil
    ) -> Workload {
        Workload(
            name: name,
            summary: summary,
            parameters: [
                Parameter("hogs", "CPU-bound tasklets", default: 1, quick: 1, in: 1...1_000),
                Parameter("work", "milliseconds of work per hog", default: 50, quick: 50, in: 1...60_000),
                Parameter(
                    "connections",
                    "connections, each with an echo server",
                    default: 100,
                    quick: 100,
                    in: 1...10_000
                ),
                Parameter(
                    "messages",
                    "messages per connection, spread over a hog's work",
                    default: 5,
                    quick: 5,
                    in: 1...100_000
                ),
            ] + (slice.map { [$0] } ?? []),
            operation: "message",
            metric: "latency",
            quantity: .waits(.latency),
            isServer: true,
            serverLoad: serverLoad,
            warmUp: ["work": 5],
            operations: { $0["connections"] * $0["messages"] },
            expected: { $0["connections"] * $0["messages"] + $0["hogs"] },
            run: { parameters, observer in
                try await HogRun(parameters, slice: slice.map { .microseconds(parameters[$0.name]) }).run(observer)
            }
        )
    }
}

private struct HogRun {
    private let hogs: Int
    private let work: Duration
    private let slice: Duration?
    private let loop: RequestLoop
    private static let bytes = 64

    init(_ parameters: Parameters, slice: Duration?) {
        hogs = parameters["hogs"]
        work = .milliseconds(parameters["work"])
        self.slice = slice
        let requests = parameters["connections"] * parameters["messages"]
        loop = RequestLoop(requests: requests, clients: parameters["connections"], interval: work / requests)
    }

    func run(_ observer: any Observer) async throws -> Int {
        let server = try await EchoServer.start(connections: loop.clients, bytes: Self.bytes)
        let (answers, (finished, units)) = try await withCleanup(server.stop) {
            let generator = try observer.load(load.program(server.port))
            try await generator.waitUntilConnected()
            try await server.waitUntilConnected()
            let outcome = try await generator.measure(observer, meanwhile: runHogs)
            try await server.waitUntilDisconnected()
            return outcome
        }
        observer.record(answers)
        observer.note(.progress, Double(units) / (Double(work.nanoseconds) / 1e9))
        return answers.right + finished
    }

    /// The clients of the echo servers.
    var load: ServerLoad {
        ServerLoad(hasHogs: true) { [loop] port in .echo(loop, bytes: Self.bytes, port: port) }
    }

    /// Runs the hogs to completion, with the servers between their slices.
    ///
    /// Uses Stackless's watchdog: a tasklet that exceeds its budget moves to the end of the ring.
    private func runHogs() async throws -> (finished: Int, units: Int) {
        let finished = AtomicSum()
        let units = AtomicSum()
        for _ in 0..<hogs {
            Tasklet.spawn("hog") {
                units.add(try await workHard())
                finished.add(1)
            }
        }
        while let hog = try await Tasklet.runAll(budget: slice == nil ? nil : 1) { try hog.insert() }
        return (finished.sum, units.sum)
    }

    /// Computes for the given time; returns the units of work done.
    private func workHard() async throws -> Int {
        var busy = BusyLoop()
        let start = ContinuousClock.now
        var checkpoint = slice.map { start + $0 }
        var now = start
        while now - start < work {
            now = busy.turn()
            if let due = checkpoint, now >= due {
                try await Tasklet.checkpoint()
                checkpoint = slice.map { now + $0 }
            }
        }
        return busy.units
    }
}
