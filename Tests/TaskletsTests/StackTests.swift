// SPDX-License-Identifier: Apache-2.0

import Backends
import CSwitch
import Glibc
import Tasklets
import TestSupport
import Testing

/// The bare stacks underneath hard switching.
@Suite struct `Stacks` {
    /// Two stacks, and what runs on the second.
    private final class Pair: @unchecked Sendable {
        // SAFETY: used by one thread.
        let home = UnsafeMutablePointer<sw_stack>.allocate(capacity: 1)
        var other: UnsafeMutablePointer<sw_stack>?
        var log: [Int] = []
        var step: (Pair) -> Void = { _ in }

        init() { home.initialize(to: sw_stack()) }

        deinit { home.deallocate() }

        /// Continues on the other stack until it swaps back.
        func visit() {
            guard let other else { return }
            sw_stack_swap(home, other, nil)
        }

        func comeBack() {
            guard let other else { return }
            sw_stack_swap(other, home, nil)
        }
    }

    /// Runs `step` on a new stack repeatedly, once a visit.
    private func withPair(_ step: @escaping (Pair) -> Void, _ body: (Pair) -> Void) throws {
        let pair = Pair()
        pair.step = step
        let entry: @convention(c) (UnsafeMutableRawPointer?) -> Void = { argument in
            guard let argument else { return }
            while true {
                let pair = Unmanaged<Pair>.fromOpaque(argument).takeUnretainedValue()
                pair.step(pair)
                pair.comeBack()
            }
        }
        let other = try #require(sw_stack_new(sw_stack_size, entry, Unmanaged.passUnretained(pair).toOpaque()))
        pair.other = other
        withExtendedLifetime(pair) { body(pair) }
        sw_stack_free(other)
    }

    @Test func `Control goes there and comes back where it was left`() async throws {
        let log = try await onItsOwnThread {
            var log: [Int] = []
            try withPair { pair in
                pair.log.append(1)
                pair.comeBack()
                pair.log.append(3)
            } _: { pair in
                pair.log.append(0)
                pair.visit()
                pair.log.append(2)
                pair.visit()
                pair.log.append(4)
                pair.visit()
                log = pair.log
            }
            return log
        }
        #expect(log == [0, 1, 2, 3, 4, 1])
    }

    @Test func `Values in registers and on the stack survive a swap`() async throws {
        let results = try await onItsOwnThread {
            var results: [Int] = []
            try withPair { pair in
                pair.log.append(Self.churn(1_000_003, 7) { pair.comeBack() })
            } _: { pair in
                for seed in 0..<50 {
                    results.append(Self.churn(seed, seed + 1) { pair.visit() } - Self.churn(seed, seed + 1) {})
                }
                for _ in 0..<3 * 8 { pair.visit() }
                results += pair.log.map { $0 - Self.churn(1_000_003, 7) {} }
            }
            return results
        }
        #expect(results.count > 50)
        #expect(results.allSatisfy { $0 == 0 })
    }

    /// Keeps a dozen values alive across calls of `interrupt`, more than there are registers.
    @inline(never)
    private static func churn(_ seed: Int, _ step: Int, _ interrupt: () -> Void) -> Int {
        var (a, b, c, d, e, f) = (seed, seed &+ step, seed &* 3, seed ^ 5, seed &- 7, seed | 1)
        var (u, v, w) = (Double(seed), Double(step) * 0.5, 1.25)
        for round in 0..<8 {
            interrupt()
            (a, b, c, d, e, f) = (b &+ round, c ^ a, d &* 31, e &+ f, f &- a, a &+ step)
            (u, v, w) = (v + w, u - w, w * 1.5)
        }
        return a ^ b ^ c ^ d ^ e ^ f ^ Int(u + v + w)
    }

    @Test func `A freed stack is reused`() async throws {
        let addresses = try await onItsOwnThread {
            var addresses = Set<UnsafeMutableRawPointer?>()
            for _ in 0..<1000 {
                try withPair {
                    $0.log.append(1)
                } _: { pair in
                    addresses.insert(pair.other?.pointee.base)
                    pair.visit()
                }
            }
            return addresses.count
        }
        // Other tests take stacks from the pool at the same time.
        #expect(addresses < 1000)
    }

    @Test func `Many stacks are distinct and do not overlap`() async throws {
        try await onItsOwnThread {
            let entry: @convention(c) (UnsafeMutableRawPointer?) -> Void = { _ in abort() }
            let stacks = try (0..<200).map { _ in try #require(sw_stack_new(sw_stack_size, entry, nil)) }
            let size = stacks[0].pointee.size
            let bases = stacks.compactMap { $0.pointee.base.map { Int(bitPattern: $0) } }.sorted()
            #expect(bases.count == 200)
            for (left, right) in zip(bases, bases.dropFirst()) { #expect(right - left >= size) }
            // Each can be written, from its top down to its guard.
            for stack in stacks {
                let base = try #require(stack.pointee.base)
                base.storeBytes(of: 1, toByteOffset: stack.pointee.size - 1, as: UInt8.self)
                base.storeBytes(of: 1, toByteOffset: sw_guard_size, as: UInt8.self)
            }
            stacks.forEach(sw_stack_free)
        }
    }

    @Test func `A bare swap takes some time`() {
        #expect(sw_measure_bare_swap(1000) > 0)
    }

    @Test func `A tasklet that blocks hard has room for a deep call`() async throws {
        let configuration = Configuration(backend: .roundRobin, switching: .hard)
        let sum = try await configuration.run {
            let results = Channel<Int>()
            for _ in 0..<10 {
                Tasklet.spawn {
                    try await Tasklet.schedule()
                    try await results.send(deepSum(100))
                }
            }
            var sum = 0
            for _ in 0..<10 { sum += try await results.receive() }
            return sum
        }
        #expect(sum == 10 * deepSum(100))
    }
}

/// Recurses to that depth, and uses about 1 KiB of the stack per level.
@inline(never)
func deepSum(_ depth: Int) -> Int {
    guard depth > 0 else { return 0 }
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: 100) { words in
        words.initialize(repeating: depth)
        return deepSum(depth - 1) &+ words[depth % 100]
    }
}
