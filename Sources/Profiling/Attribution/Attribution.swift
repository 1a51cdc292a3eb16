// SPDX-License-Identifier: Apache-2.0

internal import Measurement

/// A stack, whose it was, and what it was at.
package struct AttributedStack: Sendable, Equatable {
    /// Which of the processes it was in, from 0.
    package var process: Int
    /// The tasklet's name; nil where none had the processor.
    package var tasklet: String?
    package var activity: Activity
    /// The innermost first, up to where the tasklet or the loop began.
    package var frames: [Frame]
    package var count: Int
    /// Nanoseconds of processor time that the samples stand for.
    package var time: UInt64

    package init(
        process: Int,
        tasklet: String?,
        activity: Activity,
        frames: [Frame],
        count: Int,
        time: UInt64
    ) {
        self.process = process
        self.tasklet = tasklet
        self.activity = activity
        self.frames = frames
        self.count = count
        self.time = time
    }

    /// The tasklet's name, or what runs where none does.
    package var role: String { tasklet ?? (activity == .outside ? "(other threads)" : "(scheduler)") }
}

/// What came of one process that was profiled.
package struct SampledProcess: Sendable {
    /// Its own notes.
    package var samples: ProcessSamples
    /// gperftools' profile of it.
    package var file: GperftoolsFile

    package init(samples: ProcessSamples, file: GperftoolsFile) {
        self.samples = samples
        self.file = file
    }
}

/// Profiles of one workload under one scheduler, of one process or of several: read, symbolized, and attributed.
package struct Attribution: Sendable {
    package let stacks: [AttributedStack]
    /// The processes' own notes, less the stacks.
    private let processes: [ProcessSamples]
    /// Nanoseconds of processor time between two samples, as asked for.
    package let period: UInt64
    /// Samples of gperftools' own profiles, and those that have a note with the same stack.
    package let written: Int
    package let matched: Int
    /// Nanoseconds of processor time that the samples stand for.
    let sampledTimes: PerProcess
    /// What each function is coloured as, by its name.
    let categories: [String: FlameCategory]
    /// The processes, resampled.
    let draws: RoundSamples

    /// Reads what processes have told of themselves.
    ///
    /// - Throws: a ``SymbolizerError``, or `CancellationError` where the task has been cancelled.
    package init(_ profiles: [SampledProcess], _ symbolizer: Symbolizer) async throws {
        let asked = profiles.map { (addresses: Set($0.lookUpAddresses.joined()), mappings: $0.file.mappings) }
        let frames = try await symbolizer.frames(of: asked)
        self.init(profiles, frames: frames)
    }

    /// - Parameter frames: the functions at each address, process by process.
    init(_ profiles: [SampledProcess], frames: [[UInt64: [Frame]]]) {
        stacks = profiles.indices.flatMap { profiles[$0].attributed(process: $0, frames[$0]) }
        processes = profiles.map(\.samples.withoutStacks)
        period = profiles.first.map { UInt64($0.file.period / .nanoseconds(1)) } ?? 0
        written = profiles.reduce(0) { $0 + $1.file.sampleCount }
        matched = profiles.reduce(0) { $0 + $1.matches }
        sampledTimes = stacks.perProcess(profiles.count)
        categories = Dictionary(
            frames.flatMap(\.values).joined().map { ($0.function, $0.category) },
            uniquingKeysWith: { first, _ in first }
        )
        draws = RoundSamples(rounds: profiles.count)
    }

    package var processCount: Int { processes.count }

    package var sampleCount: Int { stacks.reduce(0) { $0 + $1.count } }

    /// Nanoseconds of processor time that the samples stand for.
    package var sampledTime: UInt64 { sampledTimes.sum }

    /// Nanoseconds of processor time, as the kernel accounts it.
    package var cpuTime: UInt64 { processes.reduce(0) { $0 + $1.cpuTime } }

    /// Nanoseconds that it lasted.
    package var elapsed: UInt64 { processes.reduce(0) { $0 + $1.elapsed } }

    var elapsedTimes: PerProcess { PerProcess(processes.map(\.elapsed)) }

    /// Operations of the workload in each process.
    var operationCounts: PerProcess { PerProcess(processes.map { UInt64($0.operations) }) }

    /// Operations of the workload.
    package var operations: Int { processes.reduce(0) { $0 + $1.operations } }

    /// Nanoseconds of processor time that no sample stands for: those after the last one of each process.
    package var rest: UInt64 { processes.reduce(0) { $0 + $1.rest } }

    /// Samples for which there was no room; the next one stands for their time.
    package var lost: Int { processes.reduce(0) { $0 + $1.lost } }
}

extension Collection<AttributedStack> {
    /// The nanoseconds of these stacks in each of so many processes.
    func perProcess(_ processes: Int) -> PerProcess {
        reduce(into: PerProcess(processes: processes)) { $0[$1.process] += $1.time }
    }
}

extension SampledProcess {
    /// The addresses to ask a symbolizer for, stack by stack.
    fileprivate var lookUpAddresses: [[UInt64]] {
        samples.stacks.map { AddressStack(addresses: $0.addresses, count: $0.count).lookUpAddresses }
    }

    fileprivate func attributed(process: Int, _ frames: [UInt64: [Frame]]) -> [AttributedStack] {
        zip(samples.stacks, lookUpAddresses).map { stack, addresses in
            let named = addresses.flatMap { frames[$0] ?? [] }
            return AttributedStack(
                process: process,
                tasklet: stack.owner.name(among: samples.labels),
                activity: Activity(of: named, owner: stack.owner),
                frames: named.withoutStart(stack.owner),
                count: stack.count,
                time: stack.time
            )
        }
    }

    /// How many samples both have, stack by stack.
    fileprivate var matches: Int {
        var noted: [[UInt64]: Int] = [:]
        for stack in samples.stacks { noted[stack.addresses, default: 0] += stack.count }
        return file.stacks.reduce(0) { $0 + Swift.min($1.count, noted[$1.addresses] ?? 0) }
    }
}

extension ProcessSamples {
    fileprivate var withoutStacks: ProcessSamples {
        var rest = self
        rest.stacks = []
        return rest
    }
}

extension Owner {
    fileprivate func name(among labels: [String]) -> String? {
        guard case .tasklet(let label) = self else { return nil }
        return label >= 1 && Int(label) <= labels.count ? labels[Int(label) - 1] : "unknown"
    }
}
