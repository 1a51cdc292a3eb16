// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import HTTP

/// The work must not grow with the number of pieces times their total size.
@Suite struct `A line received in pieces` {
    private var reader = LineReader()

    @Test mutating func `It is parsed when its first bytes arrive, and again when its end does`() {
        #expect(attempts("A: bcdefgh\r\nI", at: Array(1...13)) == [1, 12, 13])
    }

    @Test mutating func `It is parsed again when it reaches the limit`() {
        #expect(attempts("A: bcdefghijkl", at: [5, 9], limit: 10) == [5])
        #expect(throws: HTTPError.headTooLong) { try reader.read("A: bcdefghijkl", to: 10, limit: 10) }
    }

    @Test mutating func `It is parsed again at the end of the connection`() {
        #expect(attempts("A: b", at: [2, 4]) == [2])
        reader.forceRescan()
        #expect(attempts("A: b", at: [4]) == [4])
    }

    @Test mutating func `A bare carriage return does not end it`() {
        #expect(attempts("A: b\rc\rd\r\n", at: Array(1...10)) == [1, 10])
    }

    /// Receives a text up to each of these indices, and returns those at which the line was parsed.
    private mutating func attempts(_ text: String, at ends: [Int], limit: Int = 100) -> [Int] {
        ends.filter { end in
            var copy = reader
            _ = try? reader.read(text, to: end, limit: limit)
            return copy.attempts(text, to: end, limit: limit)
        }
    }
}

/// A line whose error reveals an attempt to parse it.
private struct Attempt: Line {
    let next: Int

    static func parse(_ bytes: RawSpan, from start: Int, to end: Int) throws(HTTPError) -> Attempt? { throw .timedOut }
}

extension LineReader {
    fileprivate mutating func read(_ text: String, to end: Int, limit: Int) throws {
        let bytes = Array(text.utf8.prefix(end))
        _ = try nextLine(FieldLine.self, bytes.span.bytes, limit: limit, otherwise: .headTooLong)
    }

    fileprivate mutating func attempts(_ text: String, to end: Int, limit: Int) -> Bool {
        let bytes = Array(text.utf8.prefix(end))
        do {
            return try nextLine(Attempt.self, bytes.span.bytes, limit: limit, otherwise: .headTooLong) != nil
        } catch {
            return error == .timedOut
        }
    }
}
