// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Backends
import Dispatch
import Glibc
import HTTP
import Tasklets

/// `bench serve`: the HTTP server under a scheduler, for any outside client.
struct ServeCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves HTTP under a scheduler until SIGINT or SIGTERM, then says what it has done.",
        discussion: """
            Routes: / greets; /bytes/N has N bytes; /delay/MS answers after MS milliseconds; POST /echo sends back what it \
            gets; /fan-out/N asks this server N times for / before it answers.
            """
    )

    @Option(parsing: .unconditional, help: ArgumentHelp("The scheduler.", valueName: "B"))
    var backend = Backend.epoll.rawValue

    @Option(parsing: .unconditional, help: ArgumentHelp("How tasklets leave the processor.", valueName: "S"))
    var switching: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The port; 0 is any that is free.", valueName: "N"))
    var port = "8080"

    @Option(parsing: .unconditional, help: ArgumentHelp("The host or address to listen at.", valueName: "H"))
    var host = "127.0.0.1"

    @Option(parsing: .unconditional, help: ArgumentHelp("Connections served at the same time.", valueName: "N"))
    var connections = "\(HTTPServerOptions().connections)"

    func execute() -> ExitStatus {
        attempt("the server") {
            let request = try ServeRequest(self)
            try ReleaseBuild.ensure()
            try request.serve()
            return .success
        }
    }
}

/// What `bench serve` was asked for, checked.
private struct ServeRequest {
    private let strategy: Strategy
    private let host: String
    private let port: Int
    private let connections: Int

    init(_ command: ServeCommand) throws {
        strategy = try Strategy.one(backend: command.backend, switching: command.switching, for: "bench serve")
        host = command.host
        port = try UsageError.whole("--port", command.port, in: 0...65_535)
        connections = try UsageError.whole("--connections", command.connections, in: 1...1_000_000)
    }

    func serve() throws {
        DescriptorLimit.raise()
        var options = SchedulerOptions()
        options.switching = strategy.switching
        let scheduler = try strategy.backend.makeScheduler(options)
        try scheduler.run { [self] in try await serve() }
    }

    private func serve() async throws {
        let listener = try await listen()
        let place = host.contains(":") ? "[\(host)]:\(listener.port)" : "\(host):\(listener.port)"
        var options = HTTPServerOptions()
        options.connections = connections
        let routes = Routes(root: "http://\(place)")
        let server = HTTPServer(options) { try await routes.answer($0) }
        let signals = StopSignals { server.stop() }
        Output.note("serving http://\(place)/ under \(strategy.name); SIGINT or SIGTERM ends it")
        // Also where it fails: what has been served was.
        defer { withExtendedLifetime(signals) { Output.print(Self.line(server.counters)) } }
        try await server.serve(listener)
    }

    private func listen() async throws -> TCPListener {
        do {
            return try await TCPListener.bind(host: host, port: port)
        } catch let error as SchedulerError where error.code == .system {
            throw UsageError("'\(host)' and port \(port) cannot be listened at: \(error.message)")
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

/// Has something done at the first SIGINT or SIGTERM; the second ends the process at once.
private final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ stop: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            Glibc.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                Glibc.signal(SIGINT, SIG_DFL)
                Glibc.signal(SIGTERM, SIG_DFL)
                stop()
            }
            source.activate()
            return source
        }
    }

    deinit { for source in sources { source.cancel() } }
}
