// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// A server that sends what a test scripts, in the pieces it scripts.
///
/// All it knows of HTTP is where a request ends.
final class ScriptedServer: Sendable {
    /// Maps a request to the server's actions.
    typealias Script = @Sendable (Request) -> [Step]

    /// A request and its position.
    struct Request: Sendable {
        /// The first line and the fields, without the empty line.
        var head: String
        var body: String
        /// The connection's number, from 1.
        var connection: Int
        /// The request's number on its connection, from 1.
        var number: Int

        /// Method and target.
        var line: String { String(head.prefix { $0 != "\r\n" }.dropLast(" HTTP/1.1".count)) }
        var target: String { String(line.split(separator: " ").last ?? "") }
    }

    /// An action of the server.
    enum Step: Sendable {
        case send(String)
        /// Closes the connection.
        case close
        /// Reads until the client closes.
        case awaitEnd
        /// Runs a test's own code.
        case perform(@Sendable () async throws -> Void)
    }

    private let listener: TCPListener
    private let script: Script
    private let streams = Guarded<[TCPStream]>([])
    private let log = Guarded<[Request]>([])
    private let ends = Guarded(0)

    private init(_ listener: TCPListener, _ script: @escaping Script) {
        self.listener = listener
        self.script = script
    }

    /// Starts a server under the caller's scheduler.
    static func start(_ script: @escaping Script) async throws -> ScriptedServer {
        let server = ScriptedServer(try await TCPListener.bind(host: "127.0.0.1", port: 0), script)
        Tasklet.spawn("acceptor") { try await server.untilClosed { try await server.acceptAll() } }
        return server
    }

    /// Closes the listener and all connections.
    func stop() {
        listener.close()
        for stream in streams.withLock({ $0 }) { stream.close() }
    }

    /// The URL of a page.
    func url(_ target: String = "/") -> String { "http://127.0.0.1:\(listener.port)\(target)" }

    /// The requests received.
    var requests: [Request] { log.withLock { $0 } }
    /// The number of connections accepted.
    var accepted: Int { streams.withLock { $0.count } }
    /// The number of connections that have ended, on either side.
    var ended: Int { ends.withLock { $0 } }

    // MARK: - Connections

    private func untilClosed(_ work: () async throws -> Void) async throws {
        do { try await work() } catch let error as SchedulerError where error.code == .system {}
    }

    private func acceptAll() async throws {
        while true {
            let stream = try await listener.accept()
            let number = streams.withLock { streams in
                streams.append(stream)
                return streams.count
            }
            Tasklet.spawn("server") { try await self.untilClosed { try await self.serve(stream, number) } }
        }
    }

    private func serve(_ stream: TCPStream, _ connection: Int) async throws {
        defer {
            stream.close()
            ends.withLock { $0 += 1 }
        }
        var reader = RequestReader(stream: stream)
        var number = 0
        while let (head, body) = try await reader.next() {
            number += 1
            let request = Request(head: head, body: body, connection: connection, number: number)
            log.withLock { $0.append(request) }
            for step in script(request) { try await perform(step, stream) }
        }
    }

    private func perform(_ step: Step, _ stream: TCPStream) async throws {
        switch step {
        case .send(let text):
            try await stream.write(text)
            // Lets the client see each piece by itself.
            try await Tasklet.schedule()
        case .close: stream.close()
        case .awaitEnd: while try await !stream.readSome().isEmpty {}
        case .perform(let work): try await work()
        }
    }
}

/// Splits the bytes of a connection into requests.
private struct RequestReader {
    let stream: TCPStream
    private var unread: [UInt8] = []

    init(stream: TCPStream) { self.stream = stream }

    /// The next request's head and body, or nil at the end of the stream.
    mutating func next() async throws -> (String, String)? {
        while true {
            if let request = take() { return request }
            let bytes = try await stream.readSome()
            if bytes.isEmpty { return nil }
            unread += bytes
        }
    }

    private mutating func take() -> (String, String)? {
        guard let end = unread.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: unread[..<end.lowerBound], as: UTF8.self)
        let length =
            head.split(separator: "\r\n").compactMap { line in
                line.hasPrefix("Content-Length: ") ? Int(line.dropFirst(16)) : nil
            }.first ?? 0
        let body = unread[end.upperBound...].prefix(length)
        guard body.count == length else { return nil }
        unread = Array(unread[(end.upperBound + length)...])
        return (head, String(decoding: body, as: UTF8.self))
    }
}

extension TCPStream {
    /// Writes a whole string.
    func write(_ text: String) async throws {
        try await withBytes(of: text) { try await write($0) }
    }

    /// Reads the available bytes; empty at the end of the stream.
    func readSome() async throws -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 1)
        defer { buffer.deallocate() }
        return Array(buffer.prefix(try await read(into: buffer)))
    }
}

extension ScriptedServer.Step {
    /// A page with a Content-Length.
    static func page(_ text: String, status: String = "200 OK", fields: String = "") -> Self {
        .send("HTTP/1.1 \(status)\r\n\(fields)Content-Length: \(text.utf8.count)\r\n\r\n\(text)")
    }

    /// A redirect.
    static func redirect(_ location: String, status: String = "302 Found") -> Self {
        .page("moved", status: status, fields: "Location: \(location)\r\n")
    }
}
