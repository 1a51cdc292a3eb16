// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets

/// An HTTP server on its own port, run by a tasklet.
struct RunningServer: Sendable {
    /// Its port on 127.0.0.1.
    let port: Int
    private let server: HTTPServer
    private let tasklet: Tasklet

    /// The URL of a server, with the path `/`.
    static func root(_ port: Int) -> String { "http://127.0.0.1:\(port)/" }

    /// Starts a server; it listens when this returns.
    static func start(_ answer: @escaping @Sendable (HTTPExchange) async throws -> Void) async throws -> RunningServer {
        let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
        let server = HTTPServer(handler: answer)
        let tasklet = Tasklet.spawn("server") { try await server.serve(listener) }
        return RunningServer(port: listener.port, server: server, tasklet: tasklet)
    }

    /// Starts a server that maps the number in a request's path to a number in its reply.
    static func start(
        computing answer: @escaping @Sendable (_ request: Int) async throws -> UInt64
    ) async throws -> RunningServer {
        try await start { exchange in
            guard let request = Int(exchange.path.dropFirst()) else {
                return try await exchange.respond(.notFound, "the path must be a number\n")
            }
            try await exchange.respond(.ok, "\(try await answer(request))")
        }
    }

    /// Stops the server and waits until its connections have closed.
    func stop() async throws {
        server.stop()
        try await tasklet.join()
    }
}
