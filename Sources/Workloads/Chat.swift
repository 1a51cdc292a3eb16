// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// A chat room: a message from one client goes to all, the sender included.
    ///
    /// The server has two tasklets per connection. One reads, and puts each message into every connection's queue; the
    /// other writes what is in its own queue. So a client that reads slowly delays no other. The load is a closed loop:
    /// each client sends its next message when it has received everyone's last.
    static let chat = Workload(
        name: "chat",
        summary: "A server that sends each client's messages to all clients, under closed-loop load.",
        parameters: [
            Parameter("connections", "clients in the room", default: 8, quick: 8, in: 1...500),
            Parameter("messages", "messages that each client sends", default: 4, quick: 2, in: 1...1_000),
        ],
        operation: "delivered message",
        metric: "message",
        isServer: true,
        operations: { $0["connections"] * $0["connections"] * $0["messages"] },
        expected: { ChatClients($0).expected },
        run: { parameters, observer in try await Chat(clients: ChatClients(parameters)).run(observer) }
    )
}

extension ChatClients {
    fileprivate init(_ parameters: Parameters) {
        self.init(clients: parameters["connections"], rounds: parameters["messages"])
    }
}

/// One run: the room and its clients.
private struct Chat {
    let clients: ChatClients

    func run(_ observer: any Observer) async throws -> Int {
        let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
        let load = try observer.load(.chat(clients, port: listener.port))
        var members: [Member] = []
        let answers = try await withCleanup({
            for member in members { member.connection.close() }
            listener.close()
        }) {
            // Until they are accepted, connections wait in the listener's backlog, which has room for all.
            try await load.waitUntilConnected()
            for _ in 0..<clients.clients { members.append(Member(try await listener.accept(), of: clients.clients)) }
            let tasklets = Room(members: members).open()
            let answers = try await load.measure(observer)
            for tasklet in tasklets { try await tasklet.join() }
            return answers
        }
        observer.record(answers)
        return answers.right
    }
}

/// A connection, and the messages that are to be written to it.
private struct Member: Sendable {
    let connection: ChatConnection
    let queue: Channel<ChatMessage>

    /// A queue with room for two messages of every client, which is never full: a client that sends message `n + 1` has
    /// received message `n` of every client, and a client that has sent message `n` has received all messages `n - 1`.
    init(_ stream: TCPStream, of count: Int) {
        connection = ChatConnection(stream)
        queue = Channel("queue", capacity: 2 * count)
        // The reader puts its message into all queues before the writers run.
        queue.preference = .none
    }
}

private struct Room: Sendable {
    let members: [Member]
    /// Sending until then is sending without waiting.
    private let past = ContinuousClock.now

    /// A client does not read what was sent to it.
    private struct SlowReader: Error, CustomStringConvertible {
        let description = "a chat client has fallen behind by more messages than its queue holds"
    }

    init(members: [Member]) { self.members = members }

    /// Spawns the tasklets, which end when the clients close their connections.
    func open() -> [Tasklet] {
        members.flatMap { member in
            [Tasklet.spawn("reader") { try await read(member) }, Tasklet.spawn("writer") { try await write(member) }]
        }
    }

    /// Puts each message into all queues, and waits for none.
    private func read(_ member: Member) async throws {
        defer { member.queue.close() }
        while let message = try await member.connection.receive() {
            for other in members {
                guard try await other.queue.send(message, until: past) else { throw SlowReader() }
            }
        }
    }

    private func write(_ member: Member) async throws {
        for try await message in member.queue { try await member.connection.send(message) }
        member.connection.close()
    }
}
