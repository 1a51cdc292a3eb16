// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets

/// Accepts one connection, and calls `serve` with it, in a tasklet.
///
/// Returns the port.
func serveOne(_ serve: @escaping @Sendable (TCPStream) async throws -> Void) async throws -> Int {
    let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
    Tasklet.spawn("peer") {
        let stream = try await listener.accept()
        listener.close()
        try await serve(stream)
        stream.close()
    }
    return listener.port
}

extension TCPStream {
    func write(_ text: String) async throws {
        // SAFETY: the array outlives the call, in which the bytes are read.
        let bytes = Array(text.utf8)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        defer { buffer.deallocate() }
        buffer.copyBytes(from: bytes)
        try await write(UnsafeRawBufferPointer(buffer))
    }

    /// Reads to the end of the stream; returns how many bytes.
    func drain() async throws -> Int {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
        defer { buffer.deallocate() }
        var total = 0
        while true {
            let count = try await read(into: buffer)
            if count == 0 { return total }
            total += count
        }
    }
}

/// Runs an HTTP server while `use` runs, with the URL of its root.
func withServer<R: Sendable>(
    _ handler: @escaping @Sendable (HTTPExchange) async throws -> Void,
    _ use: (String) async throws -> R
) async throws -> R {
    let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
    let server = HTTPServer(handler: handler)
    let tasklet = Tasklet.spawn("server") { try await server.serve(listener) }
    let result = try await use("http://127.0.0.1:\(listener.port)")
    server.stop()
    try await tasklet.join()
    return result
}
