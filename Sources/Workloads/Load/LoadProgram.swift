// SPDX-License-Identifier: Apache-2.0

/// What a load generator does: a value, because the generator is another process.
public struct LoadProgram: Sendable, Codable {
    /// The clients, by the server that they load.
    private enum Clients: Sendable, Codable {
        case ofPage(RequestLoop, url: String)
        case ofFanOut(RequestLoop, width: Int, url: String)
        case ofEcho(RequestLoop, bytes: Int, idle: Int, port: Int)
        case ofChat(ChatClients, port: Int)
    }

    private let clients: Clients

    /// Connects the clients; called in a tasklet of the generator's scheduler.
    ///
    /// The function that it returns has the clients do what is to be measured, and may be called once. Dropping it closes
    /// the connections.
    public func connect() async throws -> @Sendable () async throws -> LoadResult {
        switch clients {
        case .ofPage(let loop, let url):
            let clients = try await PageClient.connect(loop.clients, to: url)
            return { try await loop.run { client, _ in try await clients[client].getPage() } }
        case .ofFanOut(let loop, let width, let url):
            let clients = try await FanOutClient.connect(loop.clients, to: url, width: width)
            return { try await loop.run { client, request in try await clients[client].get(request) } }
        case .ofEcho(let loop, let bytes, let idle, let port):
            let idlers = try await EchoClient.connect(idle, port: port, bytes: bytes)
            let clients = try await EchoClient.connect(loop.clients, port: port, bytes: bytes)
            return {
                defer { withExtendedLifetime(idlers) {} }
                return try await loop.run { client, _ in try await clients[client].exchange() }
            }
        case .ofChat(let room, let port):
            let connections = try await ChatConnection.connect(room.clients, port: port)
            return { try await room.run(connections) }
        }
    }
}

extension LoadProgram {
    /// Clients that request a page.
    static func page(_ loop: RequestLoop, port: Int) -> Self {
        Self(clients: .ofPage(loop, url: RunningServer.root(port)))
    }

    /// Clients that request what a front end makes of the replies of so many back ends.
    static func fanOut(_ loop: RequestLoop, width: Int, port: Int) -> Self {
        Self(clients: .ofFanOut(loop, width: width, url: RunningServer.root(port)))
    }

    /// Clients that send messages and compare the echoes.
    ///
    /// - Parameter idle: further connections, on which nothing happens; they are opened first.
    static func echo(_ loop: RequestLoop, bytes: Int, idle: Int = 0, port: Int) -> Self {
        Self(clients: .ofEcho(loop, bytes: bytes, idle: idle, port: port))
    }

    /// The clients of a chat room.
    static func chat(_ room: ChatClients, port: Int) -> Self { Self(clients: .ofChat(room, port: port)) }
}
