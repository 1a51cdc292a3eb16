// SPDX-License-Identifier: Apache-2.0

import CProfiler
import Testing

@testable import Profiling

@Suite struct `The signal handler's notes` {
    private func note(_ label: UInt32, time: UInt64, _ addresses: UInt64...) -> [UInt64] {
        [UInt64(addresses.count) << 32 | UInt64(label), time] + addresses
    }

    private func read(_ notes: [UInt64]...) -> [LabelledStack] {
        Array(notes.joined()).withUnsafeBufferPointer { LabelledStack.all(in: $0) }.sorted { $0.time < $1.time }
    }

    @Test func `A note has an owner, a stack and a time`() {
        let none = UInt32(profiler_no_tasklet)
        let stacks = read(note(2, time: 10, 7, 8), note(none, time: 20, 9), note(.max, time: 30))
        #expect(
            stacks == [
                LabelledStack(owner: .tasklet(2), addresses: [7, 8], count: 1, time: 10),
                LabelledStack(owner: .scheduler, addresses: [9], count: 1, time: 20),
                LabelledStack(owner: .outside, addresses: [], count: 1, time: 30),
            ]
        )
    }

    @Test func `Equal notes are added up, but not the same stack of two tasklets`() {
        let stacks = read(note(1, time: 4, 7, 8), note(2, time: 100, 7, 8), note(1, time: 5, 7, 8))
        #expect(
            stacks == [
                LabelledStack(owner: .tasklet(1), addresses: [7, 8], count: 2, time: 9),
                LabelledStack(owner: .tasklet(2), addresses: [7, 8], count: 1, time: 100),
            ]
        )
    }

    @Test func `There may be no notes`() { #expect(read().isEmpty) }
}
