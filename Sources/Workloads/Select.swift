// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// A tasklet that waits for several channels at once, each with a sender of its own: the time of a message.
    ///
    /// The cost of a wait grows with the channels, because it enters and leaves the queue of each.
    static let select = Workload(
        name: "select",
        summary: "A tasklet waits for messages on several channels at once.",
        parameters: [
            Parameter("channels", "channels, each with a sender", default: 8, quick: 8, in: 1...10_000),
            Parameter(
                "messages",
                "messages on all channels together",
                default: 500,
                quick: 200,
                in: 1...1_000_000_000
            ),
        ],
        operation: "message",
        metric: "message",
        operations: { $0["messages"] },
        expected: { $0["messages"] * ($0["messages"] + 1) / 2 },
        run: { parameters, observer in
            let messages = parameters["messages"]
            let gate = Gate()
            let channels = (0..<parameters["channels"]).map { _ in Channel<NumberedMessage>("messages") }
            let senders = channels.indices.map { sender in
                Tasklet.spawn("sender") {
                    try await gate.wait()
                    for number in stride(from: sender + 1, through: messages, by: channels.count) {
                        try await channels[sender].send(NumberedMessage(sender: sender, number: number))
                    }
                }
            }
            try await gate.waitForArrivals(senders.count)
            observer.mark(.begin)
            try await gate.open(for: senders.count)
            let answer = try await receive(messages, fromAnyOf: channels)
            for sender in senders { try await sender.join() }
            observer.mark(.end)
            return answer
        }
    )
}

private func receive(_ messages: Int, fromAnyOf channels: [Channel<NumberedMessage>]) async throws -> Int {
    let cases = channels.map { $0.onReceive() }
    var arrivals = [Arrivals](senders: channels.count)
    for _ in 0..<messages {
        guard let message = try await Tasklet.select(cases, until: nil) else { break }
        arrivals.note(message)
    }
    return arrivals.sum
}
