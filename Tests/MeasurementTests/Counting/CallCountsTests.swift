// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization
import Testing

@testable import Measurement

/// Each case runs in a child process: what is replaced stays replaced, and the counts are those of a whole process.
@Suite struct `What a process asks of libc` {
    @Test func `Allocations are counted on every thread, with the bytes that they ask for`() async {
        await #expect(processExitsWith: .success) {
            CallCounts.install()
            let crew = Crew(threads: 4) { for _ in 0..<1_000 { free(keep(malloc(24))) } }
            CallCounts.begin()
            crew.work()
            CallCounts.end()
            let counts = CallCounts.last()
            #expect(counts.allocations == 4_000)
            #expect(counts.allocatedBytes == 96_000)
        }
    }

    @Test func `Every kind of allocation is counted once, and freeing is not`() async {
        await #expect(processExitsWith: .success) {
            CallCounts.install()
            CallCounts.begin()
            var aligned: UnsafeMutableRawPointer?
            let status = posix_memalign(&aligned, 64, 1_000)
            let grown = realloc(keep(malloc(1)), 10)
            let (zeroed, other) = (keep(calloc(3, 5)), keep(aligned_alloc(64, 128)))
            free(aligned)
            free(grown)
            free(zeroed)
            free(other)
            CallCounts.end()
            #expect(status == 0)
            #expect(CallCounts.last().allocations == 5)
            #expect(CallCounts.last().allocatedBytes == 1_000 + 1 + 10 + 15 + 128)
        }
    }

    @Test func `An allocation that libc makes for the program is counted`() async {
        await #expect(processExitsWith: .success) {
            CallCounts.install()
            // Passing a string would allocate, too.
            let text = keep(calloc(12, 1))?.initializeMemory(as: CChar.self, repeating: 65, count: 11)
            let original = try #require(text)
            CallCounts.begin()
            let copy = strdup(original)
            CallCounts.end()
            free(copy)
            #expect(CallCounts.last().allocations == 1 && CallCounts.last().allocatedBytes == 12)
        }
    }

    @Test func `System calls are counted by name, and succeed and fail as before`() async {
        await #expect(processExitsWith: .success) {
            CallCounts.install()
            var ends: [CInt] = [0, 0]
            #expect(pipe(&ends) == 0)
            CallCounts.begin()
            let flags = fcntl(ends[0], F_SETFL, O_NONBLOCK)
            let written = write(ends[1], "abc", 3)
            var bytes = (UInt8(0), UInt8(0), UInt8(0), UInt8(0))
            let received = read(ends[0], &bytes, 4)
            let nothing = read(ends[0], &bytes, 4)
            let reason = errno
            CallCounts.end()
            #expect(flags == 0 && written == 3 && received == 3 && bytes.2 == UInt8(ascii: "c"))
            #expect(nothing == -1 && reason == EAGAIN)
            #expect(CallCounts.last().systemCalls == ["fcntl": 1, "write": 1, "read": 2])
        }
    }

    @Test func `Nothing is counted before the beginning, after the end, or for a thread that excludes itself`() async {
        await #expect(processExitsWith: .success) {
            CallCounts.install()
            let crew = Crew(threads: 1) {
                CallCounts.excludeThisThread()
                free(keep(malloc(24)))
                _ = sched_yield()
            }
            free(keep(malloc(24)))
            CallCounts.begin()
            crew.work()
            CallCounts.end()
            free(keep(malloc(24)))
            #expect(CallCounts.last() == CallCounts())
        }
    }

    @Test func `The counts of two spans are added by name`() {
        var first = CallCounts()
        first.allocations = 1
        first.allocatedBytes = 10
        first.systemCalls = ["read": 1]
        var second = first
        second.systemCalls = ["read": 2, "write": 3]
        let both = first + second
        #expect(both.allocations == 2 && both.allocatedBytes == 20)
        #expect(both.systemCalls == ["read": 3, "write": 3])
    }
}

@Suite struct `How long threads wait for a processor` {
    @Test func `The wait of a thread that has ended is not lost, nor is it there twice`() async throws {
        await #expect(processExitsWith: .success) {
            guard RunQueueTimes.ofThisThread() != nil else { return }
            CallCounts.install()
            #expect(CPUSet([CPUSet.allowed().numbers[0]]).pinCurrentThread())
            let before = try #require(ThreadWaits.now())
            // On one processor, two threads that spin for as long wait for each other.
            let crew = Crew(threads: 2) {
                let start = MonotonicClock.now()
                while MonotonicClock.now() - start < 100_000_000 {}
            }
            crew.work()
            let during = try #require(ThreadWaits.now())
            #expect(during - before > 10_000_000)
            crew.end()
            let after = try #require(ThreadWaits.now())
            #expect(after >= during)
            #expect(after - during < (during - before) / 2)
        }
    }
}

/// Keeps the optimizer from removing an allocation that is freed at once.
@inline(never) private func keep(_ block: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? { block }

/// Threads that are there before they work, so that their creation is no part of it.
private final class Crew: Sendable {
    private let present = Atomic(0)
    private let begins = Atomic(false)
    private let left: Atomic<Int>
    private let mayEnd = Atomic(false)
    private let size: Int

    init(threads: Int, _ work: @escaping @Sendable () -> Void) {
        size = threads
        left = Atomic(threads)
        for _ in 0..<threads {
            let thread = Thread { [self] in
                present.add(1, ordering: .relaxed)
                while !begins.load(ordering: .acquiring) { usleep(100) }
                work()
                left.subtract(1, ordering: .releasing)
                while !mayEnd.load(ordering: .acquiring) { usleep(100) }
            }
            thread.start()
        }
        while present.load(ordering: .relaxed) < threads { usleep(100) }
    }

    /// Has every thread work once; returns when all have.
    func work() {
        begins.store(true, ordering: .releasing)
        while left.load(ordering: .acquiring) > 0 { usleep(100) }
    }

    /// Has the threads end; returns when the kernel has forgotten them.
    func end() {
        let remaining = Self.threads - size
        mayEnd.store(true, ordering: .releasing)
        while Self.threads > remaining { usleep(100) }
    }

    private static var threads: Int { ProcFile.names(in: "/proc/self/task").count }
}
