// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// The clients of a chat room, in a closed loop: each sends its next message when it has received everyone's last.
struct ChatClients: Sendable, Codable {
    /// The number of clients.
    let clients: Int
    /// The messages that each of them sends.
    let rounds: Int

    /// The connection ended before all messages had come.
    private struct Disconnected: Error, CustomStringConvertible {
        let description = "the chat server closed the connection of a client that still waited for messages"
    }

    /// The sum of the numbers of all messages over all clients, if none was lost, duplicated or reordered.
    var expected: Int {
        let messages = clients * rounds
        return clients * (messages * (messages + 1) / 2)
    }

    /// Sends and receives all messages; the latency is that of each message at each of its receivers.
    func run(_ connections: [ChatConnection]) async throws -> LoadResult {
        let latency = WaitTimes(clients * clients * rounds)
        let right = AtomicSum()
        let start = ContinuousClock.now
        let tasklets = connections.enumerated().map { client, connection in
            Tasklet.spawn("client") {
                right.add(try await talk(as: client, over: connection, since: start, latency))
                connection.close()
            }
        }
        for tasklet in tasklets { try await tasklet.join() }
        return LoadResult(right: right.sum, latency: latency.all)
    }

    /// Returns the sum of the numbers that arrived.
    private func talk(
        as client: Int,
        over connection: ChatConnection,
        since start: ContinuousClock.Instant,
        _ latency: WaitTimes
    ) async throws -> Int {
        var arrivals = [Arrivals](senders: clients)
        var received = [Int](repeating: 0, count: rounds)
        for round in 0..<rounds {
            let sent = (ContinuousClock.now - start).nanoseconds
            try await connection.send(ChatMessage(sender: UInt32(client), round: UInt32(round), sent: sent))
            while received[round] < clients {
                guard let message = try await connection.receive() else { throw Disconnected() }
                let wait = ContinuousClock.now - start - .nanoseconds(Int64(message.sent))
                let number = Int(message.sender) * rounds + Int(message.round)
                latency.note(wait, at: client * clients * rounds + number)
                arrivals.note(NumberedMessage(sender: Int(message.sender), number: number + 1))
                received[Int(message.round)] += 1
            }
        }
        return arrivals.sum
    }
}
