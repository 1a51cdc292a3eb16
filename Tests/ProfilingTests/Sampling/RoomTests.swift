// SPDX-License-Identifier: Apache-2.0

import Backends
import CSampling
import CSwitch
import Tasklets
import Testing

@testable import Profiling

/// The profiler's signal handler runs on the stack of the code that it interrupts.
@Suite(.enabled(if: OwnProcess.hasProfiler, "libprofiler.so.0 of gperftools is missing"))
struct `Stacks have room for a sample` {
    /// With the environment variable `SWITCHYARD_SAMPLING_SECONDS` set, it prints how much each sample took.
    @Test func `A sample takes less than an eighth of a scheduler's stack`() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let scheduler = try Backend.roundRobin.makeScheduler()
            let profiler = try CPUProfiler(frequency: 1, capacity: 1 << 14)
            try profiler.start(scheduler, writingTo: "/dev/null")
            profiler.resume()
            // The first fills the unwinder's caches, and the last has a stack longer than the profiler's traces.
            let bytes = [0, 0, 40, 300].map { room_of_sample($0) }
            profiler.stop()
            #expect(profiler.stacks.reduce(0) { $0 + $1.count } >= bytes.count)
            #expect(bytes.allSatisfy { $0 > 1000 && $0 < sw_stack_size / 8 }, "\(bytes)")
            print("a sample's bytes, with 0, 0, 40 and 300 callers: \(bytes)")
        }
        if Storm.isLong { print(String(decoding: try #require(result).standardOutputContent, as: UTF8.self)) }
    }

    /// The same handler needs as much as on a scheduler's stack, less the frames that are already there.
    @Test(arguments: SampledConfiguration.all)
    func `A tasklet on a thread's own stack has as much room`(configuration: SampledConfiguration) async throws {
        let rooms = try onPlainThread {
            try configuration.makeScheduler().run {
                let rooms = Channel<Int>()
                Tasklet.spawn { try await rooms.send(Int(room_on_thread_stack())) }
                return [Int(room_on_thread_stack()), try await rooms.receive()]
            }
        }
        for room in rooms where room > 0 { #expect(room > sw_stack_size) }
        // Backends that swap stacks may start tasklets on one of the scheduler's.
        #expect(configuration.swapsStacks || !rooms.contains(0))
    }
}
