// SPDX-License-Identifier: Apache-2.0

import Backends
import CSampling
import CSwitch
import Tasklets
import Testing

@testable import Profiling

/// The profiler's signal handler runs on the stack of whatever it interrupts.
@Suite(.enabled(if: OwnProcess.hasProfiler, "libprofiler.so.0 of gperftools is missing"))
struct `Stacks have room for a sample` {
    /// Where the environment variable `SWITCHYARD_SAMPLING_SECONDS` is set, it says how much each took.
    @Test func `A sample takes less than an eighth of a stack of ours`() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let scheduler = try Backend.roundRobin.makeScheduler()
            let profiler = try CPUProfiler(frequency: 1, capacity: 1 << 14)
            try profiler.start(scheduler, writingTo: "/dev/null")
            profiler.resume()
            // The first one fills the unwinder's caches, and the last one's stack is longer than the profiler's traces.
            let bytes = [0, 0, 40, 300].map { room_of_sample($0) }
            profiler.stop()
            #expect(profiler.stacks.reduce(0) { $0 + $1.count } >= bytes.count)
            #expect(bytes.allSatisfy { $0 > 1000 && $0 < (sw_stack_size - sw_guard_size) / 8 }, "\(bytes)")
            print("a sample's bytes, with 0, 0, 40 and 300 callers: \(bytes)")
        }
        if Storm.isLong { print(String(decoding: try #require(result).standardOutputContent, as: UTF8.self)) }
    }

    /// As much as on a stack of ours, for the same handler; and less the frames that are there already.
    @Test(arguments: SampledConfiguration.all)
    func `A tasklet on a thread's own stack has as much`(configuration: SampledConfiguration) async throws {
        let rooms = try onPlainThread {
            try configuration.makeScheduler().run {
                let rooms = Channel<Int>()
                Tasklet.spawn { try await rooms.send(Int(room_on_thread_stack())) }
                return [Int(room_on_thread_stack()), try await rooms.receive()]
            }
        }
        for room in rooms where room > 0 { #expect(room > sw_stack_size - sw_guard_size) }
        // Where stacks are swapped, tasklets may start on one of ours.
        #expect(configuration.swapsStacks || !rooms.contains(0))
    }
}
