// SPDX-License-Identifier: Apache-2.0

import CSampling
import Tasklets
import Testing

@testable import Profiling

/// In a process of its own each: the handler of single steps is the process's.
///
/// One by one, because each keeps a processor busy for some seconds.
@Suite(
    .serialized,
    .enabled(if: OwnProcess.hasProfiler, "libprofiler.so.0 of gperftools is missing"),
    .enabled(if: OwnProcess.hasSymbolizer, "llvm-symbolizer or swift-demangle is missing"),
    .enabled(if: steps_are_possible(), "single steps are x86-64's"),
    .enabled(if: Build.isOptimized || Storm.isLong, "without optimization it takes a minute and more")
)
struct `The profiler looks at every instruction of a program` {
    @Test(arguments: SampledConfiguration.all)
    func `And finds its way from each to the end of the stack`(configuration: SampledConfiguration) async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [configuration = configuration as SampledConfiguration] in
            try CPUProfiler.require()
            let scheduler = try configuration.makeScheduler()
            // Where the loop is another's, so is its end; and NIO's would be half of all steps.
            let andTheEnd = configuration.ownsItsLoop
            // Once unobserved: what the loader and the runtime do the first time is long, and not ours.
            _ = try onPlainThread { try SteppedProgram.run(on: scheduler, andTheEnd: andTheEnd) }
            steps_leave_errors_alone()
            steps_begin()
            let sum = try onPlainThread { try SteppedProgram.run(on: scheduler, andTheEnd: andTheEnd) }
            steps_end()
            #expect(sum == SteppedProgram.sum)
            Self.check(try await SteppedTraces(), of: configuration)
        }
        // What it objects to: of a failure in another process, only the line is told.
        print(String(decoding: try #require(result).standardOutputContent, as: UTF8.self), terminator: "")
    }

    private static func check(_ traces: SteppedTraces, of configuration: SampledConfiguration) {
        let steps = Int(traces.sums.count)
        #expect(traces.sums.lost == 0)
        // Without optimization there are from 140,000 to 260,000; with it, fewer.
        #expect(steps > 10_000)
        // All but those after system calls and swaps, and the first of each thread.
        #expect(steps - Int(traces.sums.compared) < steps / 500)
        #expect(traces.functions.isSuperset(of: configuration.switchFunctions))
        #expect(traces.earlyHere == [:])
        #expect(traces.astrayHere == [:])
        for (place, count) in traces.earlyHere { print("early, \(count) times: \(place)") }
        for (place, count) in traces.astrayHere { print("astray, \(count) times: \(place)") }
        // Some 55 frames have been seen: what is not early is not cut either.
        #expect(traces.deepest < 128)
        // Some 3 instructions of every async function that has a frame; up to 6 in 1,000 have been seen.
        #expect(traces.whereTablesFail < steps / 50)
        // Up to 2 in 1,000 have been seen: in functions of the Swift libraries for which there are no tables, and in
        // their async functions; in linkage tables; and before the C library's clone3, in a new thread, has marked its
        // stack's end. There the unwinder goes by frame pointers, which may be the caller's, or anything.
        #expect(traces.earlyElsewhere.values.reduce(0, +) < steps / 100, "\(traces.earlyElsewhere)")
    }
}

private enum Build {
    #if DEBUG
        static let isOptimized = false
    #else
        static let isOptimized = true
    #endif
}

extension SampledConfiguration {
    /// The functions that its tasklets are put aside by, as far as they are ours.
    ///
    /// A continuation is the runtime's; but in synchronous code something else has to be set aside. Where several run at
    /// once, it need not come to that: the other side may be there already.
    fileprivate var switchFunctions: Set<UInt> {
        let functions = steps_switch_functions()
        let soft = switching == .soft ? [functions.soft_park, functions.resume] : []
        let synchronous = [functions.stack_swap, functions.swap, functions.stack_start]
        let thread = workers == nil ? [functions.seat_wait] : []
        return Set(soft + (swapsStacks ? synchronous : thread))
    }
}
