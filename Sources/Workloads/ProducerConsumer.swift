// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// Producers and consumers around one channel: the time of a message that any of several tasklets may receive.
    ///
    /// Unlike in ``pingPong``, both queues of the channel have several waiters, and no sender waits for a reply. A nil
    /// for each consumer follows the last message, and ends it.
    static let producerConsumer = Workload(
        name: "producer-consumer",
        summary: "Several tasklets send to one channel, and several receive from it.",
        parameters: [
            Parameter("producers", "tasklets that send", default: 4, quick: 4, in: 1...1_000),
            Parameter("consumers", "tasklets that receive", default: 4, quick: 4, in: 1...1_000),
            Parameter(
                "messages",
                "messages of all producers together",
                default: 20_000,
                quick: 10_000,
                in: 1...1_000_000_000
            ),
        ],
        operation: "message",
        metric: "message",
        operations: { $0["messages"] },
        expected: { $0["messages"] * ($0["messages"] + 1) / 2 },
        run: { parameters, observer in try await ProducerConsumer(parameters).run(observer) }
    )
}

private struct ProducerConsumer: Sendable {
    private let producers: Int
    private let consumers: Int
    private let messages: Int
    private let channel = Channel<NumberedMessage?>("messages")
    private let gate = Gate()
    private let received = AtomicSum()

    init(_ parameters: Parameters) {
        producers = parameters["producers"]
        consumers = parameters["consumers"]
        messages = parameters["messages"]
    }

    func run(_ observer: any Observer) async throws -> Int {
        let receiving = (0..<consumers).map { _ in Tasklet.spawn("consumer", consume) }
        let sending = (0..<producers).map { producer in
            Tasklet.spawn("producer") { try await produce(as: producer) }
        }
        try await channel.waitForReceivers(consumers)
        try await gate.waitForArrivals(producers)
        observer.mark(.begin)
        try await gate.open(for: producers)
        for tasklet in sending { try await tasklet.join() }
        for _ in receiving { try await channel.send(nil) }
        for tasklet in receiving { try await tasklet.join() }
        observer.mark(.end)
        return received.sum
    }

    /// Sends every message whose turn is this producer's.
    private func produce(as producer: Int) async throws {
        try await gate.wait()
        for number in stride(from: producer + 1, through: messages, by: producers) {
            try await channel.send(NumberedMessage(sender: producer, number: number))
        }
    }

    @Sendable private func consume() async throws {
        var arrivals = [Arrivals](senders: producers)
        while let message = try await channel.receive() { arrivals.note(message) }
        received.add(arrivals.sum)
    }
}
