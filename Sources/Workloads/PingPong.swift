// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// Two tasklets and two rendezvous channels: a message in each direction is a round trip.
    ///
    /// The message is a counter that the peer increments, so that a lost or duplicated message changes the answer.
    static let pingPong = Workload(
        name: "ping-pong",
        summary: "A message to another tasklet and back, over two channels.",
        parameters: [
            Parameter("messages", "round trips", default: 20_000, quick: 10_000, in: 1...1_000_000_000)
        ],
        operation: "round trip",
        metric: "round-trip",
        operations: { $0["messages"] },
        expected: { $0["messages"] },
        run: { parameters, observer in
            let messages = parameters["messages"]
            let there = Channel<Int>("there")
            let back = Channel<Int>("back")
            let peer = Tasklet.spawn("peer") { try await returnIncremented(messages, from: there, to: back) }
            try await there.waitForReceivers(1)
            observer.mark(.begin)
            let answer = try await play(messages, there, back)
            observer.mark(.end)
            try await peer.join()
            return answer
        }
    )
}

private func play(_ messages: Int, _ there: Channel<Int>, _ back: Channel<Int>) async throws -> Int {
    var counter = 0
    for _ in 0..<messages {
        try await there.send(counter)
        counter = try await back.receive()
    }
    return counter
}

private func returnIncremented(_ messages: Int, from there: Channel<Int>, to back: Channel<Int>) async throws {
    for _ in 0..<messages {
        let counter = try await there.receive()
        try await back.send(counter &+ 1)
    }
}
