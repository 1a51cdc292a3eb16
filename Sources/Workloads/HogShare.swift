// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// Echo servers beside a tasklet that computes for a share of the time, in bursts: up to which share a scheduler that
    /// does not preempt is good enough.
    ///
    /// A message that comes during a burst waits for its end on a scheduler with one thread. So with a share of 2 %,
    /// one message in fifty does.
    static let hogShare = Workload(
        name: "hog-share",
        summary: "The latency of echo servers beside a tasklet that computes for a share of the time.",
        parameters: [
            Parameter(
                "share",
                "percent of the time",
                default: 10,
                quick: 10,
                sweep: [0, 1, 2, 5, 10, 25, 50],
                in: 0...90
            ),
            Parameter("burst", "milliseconds of work without a pause", default: 5, quick: 5, in: 1...1_000),
            Parameter("duration", "milliseconds of a run", default: 200, quick: 200, in: 1...60_000),
            Parameter("connections", "connections, each with an echo server", default: 50, quick: 50, in: 1...10_000),
            Parameter("messages", "messages per connection in a run", default: 20, quick: 20, in: 1...100_000),
        ],
        operation: "message",
        metric: "latency",
        quantity: .waits(.latency),
        isServer: true,
        warmUp: ["duration": 20, "messages": 2],
        operations: { $0["connections"] * $0["messages"] },
        expected: { $0["connections"] * $0["messages"] + HogShareRun($0).starts.count },
        run: { parameters, observer in try await HogShareRun(parameters).run(observer) }
    )
}

private struct HogShareRun {
    private let burst: Duration
    /// When the bursts start, from the beginning of the run on.
    let starts: [Duration]
    private let loop: RequestLoop
    private static let bytes = 64

    init(_ parameters: Parameters) {
        let share = parameters["share"]
        let duration = Duration.milliseconds(parameters["duration"])
        let burst = Duration.milliseconds(parameters["burst"])
        let requests = parameters["connections"] * parameters["messages"]
        loop = RequestLoop(requests: requests, clients: parameters["connections"], interval: duration / requests)
        let count = share == 0 ? 0 : max(1, Int((duration / burst * Double(share) / 100).rounded()))
        starts = (0..<count).map { duration * $0 / count }
        self.burst = burst
    }

    func run(_ observer: any Observer) async throws -> Int {
        let server = try await EchoServer.start(connections: loop.clients, bytes: Self.bytes)
        let (answers, bursts) = try await withCleanup(server.stop) {
            let generator = try observer.load(load.program(server.port))
            try await generator.waitUntilConnected()
            try await server.waitUntilConnected()
            let outcome = try await generator.measure(observer, meanwhile: compute)
            try await server.waitUntilDisconnected()
            return outcome
        }
        observer.record(answers)
        return answers.right + bursts
    }

    private var load: ServerLoad {
        ServerLoad(hasHogs: true) { [loop] port in .echo(loop, bytes: Self.bytes, port: port) }
    }

    /// Computes in bursts; returns how many there were.
    private func compute() async throws -> Int {
        let done = AtomicSum()
        let hog = Tasklet.spawn("hog") {
            let beginning = ContinuousClock.now
            for start in starts {
                try await Tasklet.sleep(until: beginning + start)
                let end = ContinuousClock.now + burst
                var busy = BusyLoop()
                while busy.turn() < end {}
                done.add(1)
            }
        }
        try await hog.join()
        return done.sum
    }
}
