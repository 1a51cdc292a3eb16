// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import HTTP

/// Responses received in pieces.
@Suite struct `Reading responses` {
    private static let responses = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", "200 body reusable"),
        ("HTTP/1.1 204 No Content\r\n\r\n", "204  reusable"),
        ("HTTP/1.1 100 x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200  reusable"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nbod\r\n1\r\ny\r\n0\r\nA: b\r\n\r\n",
            "200 body reusable"
        ),
        ("HTTP/1.1 200 OK\r\n\r\nbody", "200 body not reusable"),
        ("HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nbody", "200 body not reusable"),
    ]

    @Test(arguments: responses)
    func `A response does not depend on how it is split`(text: String, expected: String) throws {
        let bytes = Array(text.utf8)
        for size in 1...bytes.count {
            #expect(try read(bytes, inPiecesOf: size) == expected, "in pieces of \(size)")
        }
    }

    @Test(arguments: [(1, 1), (1, 7), (100, 60_000), (16_000, 20_000), (1_000_000, 1)])
    func `A body may outgrow the memory in chunks of any size`(size: Int, count: Int) throws {
        let chunk = "\(String(size, radix: 16))\r\n\(String(repeating: "x", count: size))\r\n"
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        let bytes = Array((head + String(repeating: chunk, count: min(count, 2_000_000 / size)) + "0\r\n\r\n").utf8)
        let body = String(repeating: "x", count: size * min(count, 2_000_000 / size))
        #expect(try read(bytes, inPiecesOf: .max) == "200 \(body) reusable")
    }

    /// Receives a response, at most `size` bytes at a time.
    private func read(_ bytes: [UInt8], inPiecesOf size: Int) throws -> String {
        var reader = ResponseReader(limits: HTTPLimits(body: 1 << 30))
        reader.expectResponse(to: .get)
        var rest = bytes[...]
        while !rest.isEmpty {
            let room = reader.makeRoom()
            let piece = rest.prefix(min(size, room.count))
            room.copyBytes(from: piece)
            rest = rest.dropFirst(piece.count)
            #expect(try reader.receive(piece.count) == (rest.isEmpty && reader.isComplete))
        }
        if !reader.isComplete { try reader.end() }
        let status = reader.head.map { "\($0.status.rawValue)" } ?? "none"
        let body = reader.withBody { $0.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
        return "\(status) \(body) \(reader.allowsReuse ? "reusable" : "not reusable")"
    }
}
