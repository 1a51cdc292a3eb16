// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import HTTP

/// However small the pieces are, the work must not grow with their number times their sum.
@Suite struct `A line that comes in pieces` {
    @Test func `It is read when it is first seen, and again when its end has come`() throws {
        let bytes = Array("A: bcdefgh\r\nI".utf8)
        var reader = LineReader()
        var attempts: [Int] = []
        for end in 1...bytes.count where reader.canGoOn(bytes, to: end, limit: 100) {
            attempts.append(end)
            guard end < 12 else {
                reader.advance(to: 12)
                continue
            }
            try reader.wait(at: end, limit: 100, otherwise: .headTooLong)
        }
        #expect(attempts == [1, 12, 13])
    }

    @Test func `It is read again when it has reached the limit`() throws {
        let bytes = Array("A: bcdefghijkl".utf8)
        var reader = LineReader()
        try reader.wait(at: 5, limit: 10, otherwise: .headTooLong)
        let early = reader.canGoOn(bytes, to: 9, limit: 10)
        let late = reader.canGoOn(bytes, to: 10, limit: 10)
        #expect(!early && late)
        #expect(throws: HTTPError.headTooLong) { try reader.wait(at: 10, limit: 10, otherwise: .headTooLong) }
    }

    @Test func `It is read again when nothing more will come`() throws {
        let bytes = Array("A: b".utf8)
        var reader = LineReader()
        try reader.wait(at: 2, limit: 10, otherwise: .headTooLong)
        let early = reader.canGoOn(bytes, to: 4, limit: 10)
        reader.lookAgain()
        let late = reader.canGoOn(bytes, to: 4, limit: 10)
        #expect(!early && late)
    }

    @Test func `A bare carriage return is not its end`() throws {
        let bytes = Array("A: b\rc\rd\r\n".utf8)
        var reader = LineReader()
        try reader.wait(at: 1, limit: 100, otherwise: .headTooLong)
        let ends = (2...bytes.count).filter { reader.canGoOn(bytes, to: $0, limit: 100) }
        #expect(ends == [bytes.count])
    }
}

extension LineReader {
    fileprivate mutating func canGoOn(_ bytes: [UInt8], to end: Int, limit: Int) -> Bool {
        canGoOn(bytes.span.bytes, to: end, limit: limit)
    }
}
