// SPDX-License-Identifier: Apache-2.0

import Callbacks
import HTTP
import Tasklets
import TestSupport
import Testing

/// What a reactor opens is closed, however its operations end.
@Suite struct `A reactor's descriptors` {
    @Test(arguments: Configuration.withReactors)
    func `Connections are closed whose operations were given up, stopped or completed`(
        configuration: Configuration
    ) async throws {
        let sockets = try await configuration.run {
            try await withServer { exchange in
                try await exchange.respond(.ok, "page")
            } _: { root in
                let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
                let reactor = try await Reactor.start()
                _ = try await reactor.getPage(root).value()
                let streams = try await connect(3, to: listener, by: reactor)
                let givenUp = try reactor.read(streams[0], deadline: .now + .milliseconds(1))
                let failure = await schedulerError { _ = try await givenUp.value() }
                for stream in streams { try reactor.read(stream) { _ in } }
                var sockets = OpenSockets()
                sockets.note(port: listener.port)
                if let port = root.split(separator: ":").last.flatMap({ Int($0) }) { sockets.note(port: port) }
                reactor.stop()
                #expect(failure?.code == .timedOut)
                return sockets
            }
        }
        // The listener and three clients' ends, besides what the server had; the peers' ends were never accepted.
        #expect(sockets.count >= 6)
        try await sockets.waitUntilClosed()
    }

    private func connect(_ count: Int, to listener: TCPListener, by reactor: Reactor) async throws -> [TCPStream] {
        var streams: [TCPStream] = []
        for _ in 0..<count {
            streams.append(try await reactor.connect(host: "127.0.0.1", port: listener.port).value())
        }
        return streams
    }
}
