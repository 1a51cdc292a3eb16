// SPDX-License-Identifier: Apache-2.0

internal import Measurement

/// A stack with its tasklet and activity.
package struct AttributedStack: Sendable, Equatable {
    /// The index of the process.
    package var process: Int
    /// The tasklet's name; nil if no tasklet had the processor.
    package var tasklet: String?
    package var activity: Activity
    /// The innermost first, up to the start of the tasklet or the loop.
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

    /// The tasklet's name, or what runs instead of one.
    package var role: String { tasklet ?? (activity == .outside ? "(other threads)" : "(scheduler)") }
}

/// One profiled process.
package struct SampledProcess: Sendable {
    /// The process's own notes.
    package var samples: ProcessSamples
    /// gperftools' profile of the process.
    package var file: GperftoolsFile

    package init(samples: ProcessSamples, file: GperftoolsFile) {
        self.samples = samples
        self.file = file
    }
}

/// The samples of one or several processes, which ran one workload under one scheduler, by tasklet and activity.
package struct Attribution: Sendable {
    package let stacks: [AttributedStack]
    /// The processes' notes without the stacks.
    private let processes: [ProcessSamples]
    /// The requested nanoseconds of processor time between two samples.
    package let period: UInt64
    /// The number of samples in gperftools' own profiles, and of those with a note that has the same stack.
    package let written: Int
    package let matched: Int
    /// Nanoseconds of processor time that the samples stand for.
    let sampledTimes: PerProcess
    /// The category of each function by name.
    let categories: [String: FlameCategory]
    /// The processes, resampled.
    let draws: RoundSamples

    /// Symbolizes and attributes the samples of processes.
    ///
    /// - Throws: a ``SymbolizerError``, or `CancellationError`.
    package init(_ profiles: [SampledProcess], _ symbolizer: Symbolizer) async throws {
        let asked = profiles.map { (addresses: Set($0.lookUpAddresses.joined()), mappings: $0.file.mappings) }
        let frames = try await symbolizer.frames(of: asked)
        self.init(profiles, frames: frames)
    }

    /// - Parameter frames: the functions at each address, by process.
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

    /// Nanoseconds on the clock.
    package var elapsed: UInt64 { processes.reduce(0) { $0 + $1.elapsed } }

    var elapsedTimes: PerProcess { PerProcess(processes.map(\.elapsed)) }

    /// Operations of the workload in each process.
    var operationCounts: PerProcess { PerProcess(processes.map { UInt64($0.operations) }) }

    /// Operations of the workload.
    package var operations: Int { processes.reduce(0) { $0 + $1.operations } }

    /// Nanoseconds of processor time that no sample stands for: those since each process's last one.
    package var rest: UInt64 { processes.reduce(0) { $0 + $1.rest } }

    /// The number of samples dropped for lack of room; the next one stands for their time.
    package var lost: Int { processes.reduce(0) { $0 + $1.lost } }
}

extension Collection<AttributedStack> {
    /// The nanoseconds of these stacks in each process.
    func perProcess(_ processes: Int) -> PerProcess {
        reduce(into: PerProcess(processes: processes)) { $0[$1.process] += $1.time }
    }
}

extension SampledProcess {
    /// The addresses to symbolize, by stack.
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

    /// The number of samples that notes and file have in common.
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
