// SPDX-License-Identifier: Apache-2.0

import Glibc
import Measurement
import TestSupport
import Testing

@testable import Harness

@Suite struct `The line between a trial and its load generator` {
    /// Two ends, and their descriptors.
    private static func pair() throws -> (LoadSocket, LoadSocket, [Int32]) {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        return (LoadSocket(ends[0]), LoadSocket(ends[1]), ends)
    }

    @Test func `Carries lines, and numbers between them, however they are cut`() throws {
        let (near, far, ends) = try Self.pair()
        defer { for end in ends { close(end) } }
        near.send("first")
        near.send("second", [1, .max])
        for byte in Array("third".utf8) + [10] + [UInt8](repeating: 7, count: 8) {
            withUnsafeBytes(of: byte) { _ = write(ends[0], $0.baseAddress, 1) }
        }
        #expect(far.line() == "first")
        #expect(far.line() == "second")
        #expect(far.numbers(2) == [1, .max])
        #expect(far.line() == "third")
        #expect(far.numbers(1) == [0x0707_0707_0707_0707])
        #expect(far.numbers(0) == [])
    }

    @Test func `More numbers than a socket holds arrive`() async throws {
        let (near, far, ends) = try Self.pair()
        defer { for end in ends { close(end) } }
        let numbers = (0..<200_000).map { UInt64($0) }
        async let received = onItsOwnThread {
            #expect(far.line() == "numbers")
            #expect(far.numbers(200_000) == numbers)
        }
        near.send("numbers", numbers)
        try await received
    }

    @Test func `An end is told, also in the middle of numbers, and sending to it does no harm`() throws {
        let (near, far, ends) = try Self.pair()
        defer { for end in ends { close(end) } }
        near.send("line", [1])
        near.end()
        #expect(far.line() == "line")
        #expect(far.numbers(2) == nil)
        #expect(far.line() == nil)
        far.send("nobody reads this")
    }

    @Test(
        arguments: [
            (allowed: [0, 1], measured: [1], expected: [0]),
            (allowed: [0, 1, 2, 3], measured: [1, 3], expected: [0, 2]),
            (allowed: [2], measured: [2], expected: [2]), (allowed: [0, 1], measured: [0, 1], expected: [0, 1]),
        ]
    )
    func `The generator has the processors that are not measured, if there are any`(
        allowed: [Int],
        measured: [Int],
        expected: [Int]
    ) {
        let cpus = GeneratorProcess.cpus(allowed: CPUSet(allowed), measured: CPUSet(measured))
        #expect(cpus.numbers == expected)
    }
}
