// SPDX-License-Identifier: Apache-2.0

import Backends
import SeededRandom
import Tasklets
import TestSupport
import Testing

@Suite("Tasklets whose stack is copied")
struct SliceTests {
    static let slicing = Configuration.all.filter { $0.switching == .slice }

    /// Waits below some synchronous frames, and says whether those are then as they were.
    @inline(never) private static func wait(_ channel: Channel<Int>, below depth: Int, _ seed: UInt) throws -> Bool {
        try withUnsafeTemporaryAllocation(of: UInt.self, capacity: 16) { words in
            let address = UInt(bitPattern: words.baseAddress)
            for index in 0..<16 { words.initializeElement(at: index, to: address &* seed &+ UInt(index)) }
            let isIntact = depth > 0 ? try wait(channel, below: depth - 1, seed) : try channel.receive() >= 0
            return isIntact && (0..<16).allSatisfy { words[$0] == address &* seed &+ UInt($0) }
        }
    }

    @Test(arguments: Configuration.swappingStacks)
    func `Locals keep their values and addresses at every depth`(configuration: Configuration) async throws {
        let intact = try await configuration.run {
            let channel = Channel<Int>("turns")
            let results = Channel<Bool>("results")
            for number in 0..<20 {
                Tasklet.spawn {
                    var random = SplitMix64(seed: UInt64(number))
                    var isIntact = true
                    for turn in 0..<50 {
                        let depth = Int(random.next() % 40)
                        isIntact = try Self.wait(channel, below: depth, UInt(number * 100 + turn + 1)) && isIntact
                        try await Tasklet.schedule()
                    }
                    try await results.send(isIntact)
                }
            }
            Tasklet.spawn { for turn in 0..<1000 { try await channel.send(turn) } }
            var all: [Bool] = []
            for _ in 0..<20 { all.append(try await results.receive()) }
            return all
        }
        #expect(intact == Array(repeating: true, count: 20))
    }

    @Test(arguments: slicing)
    func `Asynchronous and synchronous code wait by slices, and by nothing else`(
        configuration: Configuration
    ) async throws {
        let counters = try await configuration.counters {
            let channel = Channel<Int>()
            Tasklet.spawn { for n in 0..<10 { try await channel.send(n) } }
            Tasklet.spawn { _ = try (0..<5).map { _ in try channel.receive() } }
            for _ in 0..<5 { _ = try await channel.receive() }
        }
        #expect(counters.switches[.slice, default: 0] > 10)
        #expect(counters.switches.filter { $0.key != .slice }.total == 0)
    }

    @Test(arguments: slicing)
    func `A tasklet that is killed where it waits in synchronous code unwinds its own frames`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        try await configuration.run {
            let channel = Channel<Int>()
            let victims = (0..<3).map { number in
                Tasklet.spawn {
                    defer { log.add("d\(number)") }
                    _ = try [2, 1].sorted { _, _ in try channel.receive() > 0 }
                }
            }
            try await Tasklet.schedule()
            for victim in victims.reversed() { try await victim.kill() }
        }
        #expect(log.text == "d2 d1 d0")
    }

    #if DEBUG
        private struct Pointing: @unchecked Sendable {
            let number = 1
            let pointer: UnsafeMutablePointer<Int>
        }

        /// In a function of its own: what an asynchronous function allocates is not on the stack.
        @inline(never) private static func withStackAddress(_ body: (Pointing) throws -> Void) rethrows {
            try withUnsafeTemporaryAllocation(of: Int.self, capacity: 1) {
                try body(Pointing(pointer: $0.baseAddress.unsafelyUnwrapped))
            }
        }

        @Test(arguments: slicing)
        func `An address on the sender's stack is not sent`(configuration: Configuration) async throws {
            let error = try await configuration.failure {
                let channel = Channel<Pointing>()
                Tasklet.spawn { channel.balance < 0 ? () : try await Tasklet.schedule() }
                try Self.withStackAddress { try channel.send($0) }
            }
            #expect(try #require(error as? SchedulerError).code == .unsupported)
            #expect("\(error!)".contains("Pointing holds the address of something on the stack"))
        }

        @Test(arguments: slicing)
        func `A one-shot that is given one fails`(configuration: Configuration) async throws {
            let error = try await configuration.failure {
                let cell = OneShot<Pointing>()
                Self.withStackAddress { cell.fulfill($0) }
                _ = try await cell.value()
            }
            #expect(try #require(error as? SchedulerError).code == .unsupported)
        }

        @Test(arguments: slicing)
        func `An address on the heap is sent`(configuration: Configuration) async throws {
            let pointer = UnsafeMutablePointer<Int>.allocate(capacity: 1)
            defer { pointer.deallocate() }
            pointer.initialize(to: 7)
            let value = Pointing(pointer: pointer)
            let received = try await configuration.run {
                let channel = Channel<Pointing>()
                Tasklet.spawn { try await channel.send(value) }
                return try await channel.receive().pointer.pointee
            }
            #expect(received == 7)
        }
    #endif
}
