// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Harness

@Suite struct `The processor time of the load` {
    /// Runs a body on a thread of its own, which lives for as long.
    private func onThread(_ body: @escaping @Sendable () throws -> Void) async throws { try await onItsOwnThread(body) }

    /// Takes at least so much processor time of the calling thread, in nanoseconds.
    private static func burn(_ time: UInt64) {
        let start = processorTime()
        while processorTime() - start < time {}
    }

    private static func processorTime() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    @Test func `Counts while its thread runs, and after it has ended`() async throws {
        let meter = LoadMeter()
        #expect(meter.now() == 0)
        try await onThread {
            meter.measure { Self.burn(3_000_000) }
            // The thread goes on, unmetered.
            Self.burn(50_000_000)
        }
        let first = meter.now()
        #expect(first >= 3_000_000 && first < 50_000_000)
        #expect(meter.now() == first)
        try await onThread {
            meter.measure {
                Self.burn(3_000_000)
                #expect(meter.now() >= first + 3_000_000)
            }
        }
        #expect(meter.now() >= first + 3_000_000)
    }

    @Test func `Is not that of other threads`() async throws {
        let meter = LoadMeter()
        try await onThread {
            meter.measure {
                let other = Thread { Self.burn(100_000_000) }
                other.start()
                while !other.isFinished { usleep(1_000) }
            }
        }
        #expect(meter.now() < 100_000_000)
    }
}
