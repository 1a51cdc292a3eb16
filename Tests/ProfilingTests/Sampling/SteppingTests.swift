// SPDX-License-Identifier: Apache-2.0

import CSampling
import TestSupport
import Testing

@testable import Profiling
@testable import Tasklets

/// Each case runs in a child process: the handler for single steps belongs to the process.
///
/// Serialized, because each case keeps a processor busy for some seconds.
@Suite(
    .serialized,
    .enabled(if: OwnProcess.hasProfiler, "libprofiler.so.0 of gperftools is missing"),
    .enabled(if: OwnProcess.hasSymbolizer, "llvm-symbolizer or swift-demangle is missing"),
    .enabled(if: steps_are_possible(), "single-stepping needs x86-64"),
    .enabled(if: Build.isOptimized || Storm.isLong, "it takes more than a minute without optimization")
)
struct `The profiler unwinds at every instruction of a program` {
    @Test(arguments: SampledConfiguration.all)
    func `From each it reaches the end of the stack`(configuration: SampledConfiguration) async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [configuration = configuration as SampledConfiguration] in
            try CPUProfiler.require()
            let scheduler = try configuration.makeScheduler()
            // A host loop's shutdown is not our code, and NIO's would be half of all steps.
            let andTheEnd = configuration.ownsItsLoop
            // Once unobserved: first-time work of the loader and the runtime is long, and not our code.
            let waits = configuration.waitsSynchronously
            let run = { @Sendable in
                try SteppedProgram.run(on: scheduler, waitsSynchronously: waits, andTheEnd: andTheEnd)
            }
            _ = try onPlainThread(run)
            steps_leave_errors_alone()
            steps_begin(try #require(MemoryLayout<Node>.offset(of: \.tasklet)))
            let sum = try onPlainThread(run)
            steps_end()
            #expect(sum == SteppedProgram.sum)
            Self.check(try await SteppedTraces(), of: configuration)
        }
        // A failure in another process reports only its line.
        print(String(decoding: try #require(result).standardOutputContent, as: UTF8.self), terminator: "")
    }

    private static func check(_ traces: SteppedTraces, of configuration: SampledConfiguration) {
        let steps = Int(traces.sums.count)
        #expect(traces.sums.lost == 0)
        #expect(traces.sums.freed == 0)
        // Debug builds take 140,000 to 260,000 steps, release builds fewer.
        #expect(steps > 10_000)
        // Excluded are steps after system calls and swaps, and the first of each thread.
        #expect(steps - Int(traces.sums.compared) < steps / 500)
        #expect(traces.functions.isSuperset(of: configuration.switchFunctions))
        #expect(traces.earlyHere == [:])
        #expect(traces.astrayHere == [:])
        for (place, count) in traces.earlyHere { print("early, \(count) times: \(place)") }
        for (place, count) in traces.astrayHere { print("astray, \(count) times: \(place)") }
        // About 55 in practice: complete traces are never truncated.
        #expect(traces.deepest < 128)
        // About 3 instructions of every async function with a frame; up to 6 in 1,000 in practice.
        #expect(traces.whereTablesFail < steps / 50)
        // Up to 2 in 1,000 in practice: in functions of the Swift libraries without tables and in their async
        // functions, in linkage tables, and in a new thread before the C library's clone3 marks the end of its stack.
        // The unwinder then follows frame pointers, which may be the caller's, or anything.
        #expect(traces.earlyElsewhere.values.reduce(0, +) < steps / 100, "\(traces.earlyElsewhere)")
    }
}

extension SampledConfiguration {
    /// Our functions that park the program's tasklets.
    ///
    /// A continuation is the runtime's, but synchronous code parks another way. With several workers that need not
    /// happen: the partner may already be waiting.
    fileprivate var switchFunctions: Set<UInt> {
        let functions = steps_switch_functions()
        let soft = switching == .soft ? [functions.soft_park, functions.resume] : []
        let aside =
            switching == .slice ? [functions.region_park, functions.region_resume] : [functions.stack_swap]
        let synchronous = aside + [functions.swap, functions.stack_start]
        let thread = workers == nil && waitsSynchronously ? [functions.parker_wait] : []
        return Set(soft + (swapsStacks ? synchronous : thread))
    }
}
