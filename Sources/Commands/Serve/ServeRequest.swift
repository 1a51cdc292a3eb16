// SPDX-License-Identifier: Apache-2.0

import Backends
import HTTP
import Harness
import Tasklets

/// A checked `bench serve`.
struct ServeRequest {
    private let variant: SchedulerVariant
    private let host: String
    private let port: Int
    private let options: HTTPServerOptions

    /// - Throws: ``UsageError`` for the first argument that cannot be used.
    init(_ command: ServeCommand) throws {
        variant = try .one(
            backend: command.backend.name,
            switching: command.switching.switching,
            for: "bench serve"
        )
        host = command.host
        port = try UsageError.whole("--port", command.port, in: 0...65_535)
        options = try HTTPServerOptions(command.limits)
    }

    /// Serves until a signal stops it.
    func serve() throws {
        let places = Places(descriptors: DescriptorLimit.raise(), connections: options.connections)
        var options = SchedulerOptions()
        options.switching = variant.switching
        let scheduler = try variant.backend.makeScheduler(options)
        try scheduler.run { [self] in try await serve(places) }
    }

    private func serve(_ places: Places) async throws {
        let listener = try await listen()
        let authority = host.contains(":") ? "[\(host)]:\(listener.port)" : "\(host):\(listener.port)"
        let routes = try await Routes(root: "http://\(authority)", places)
        let server = HTTPServer(options) { try await routes.answer($0) }
        let signals = StopSignals { server.stop() }
        Console.note("serving http://\(authority)/ on \(variant.name); stop with SIGINT or SIGTERM")
        // Also if serving fails: the counters are valid.
        defer { withExtendedLifetime(signals) { Console.print(Self.line(server.counters)) } }
        try await server.serve(listener)
    }

    private func listen() async throws -> TCPListener {
        do {
            return try await TCPListener.bind(host: host, port: port)
        } catch let error as SchedulerError where error.code == .system {
            throw UsageError("cannot listen on '\(host)' and port \(port): \(error.message)")
        }
    }

    private static func line(_ counters: HTTPServerCounters) -> String {
        """
        connections \(counters.connections), requests \(counters.requests), below 400 \(counters.successes), \
        4xx \(counters.clientErrors), 5xx \(counters.serverErrors), bytes in \(counters.bytesReceived), \
        bytes out \(counters.bytesSent)
        """
    }
}
