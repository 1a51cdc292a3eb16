// SPDX-License-Identifier: Apache-2.0

/// A stack, whose it was, and what it was at.
package struct AttributedStack: Sendable, Equatable {
    /// The tasklet's name; nil where none had the processor.
    package var tasklet: String?
    package var activity: Activity
    /// The innermost first.
    package var frames: [Frame]
    package var count: Int
    /// Nanoseconds of processor time that the samples stand for.
    package var time: UInt64

    package init(tasklet: String?, activity: Activity, frames: [Frame], count: Int, time: UInt64) {
        self.tasklet = tasklet
        self.activity = activity
        self.frames = frames
        self.count = count
        self.time = time
    }
}

/// Profiles of one workload under one scheduler, of one process or of several: read, symbolized, and attributed.
package struct AttributedProfile: Sendable {
    package private(set) var stacks: [AttributedStack] = []
    package private(set) var sampleCount = 0
    /// Nanoseconds of processor time that the samples stand for.
    package private(set) var sampledTime: UInt64 = 0
    /// Nanoseconds of processor time, as the kernel accounts it.
    package private(set) var cpuTime: UInt64 = 0
    /// Nanoseconds that it lasted.
    package private(set) var elapsed: UInt64 = 0
    /// Nanoseconds of processor time between two samples.
    package private(set) var period: UInt64 = 0
    /// Operations of the workload.
    package private(set) var operations = 0
    /// Samples for which there was no room.
    package private(set) var lost = 0
    /// Samples of gperftools' own profile, and those that have a note with the same stack.
    package private(set) var written = 0
    package private(set) var matched = 0

    /// What each function is coloured as, by its name.
    private(set) var categories: [String: FlameCategory] = [:]

    package init() {}

    /// Adds what one process has told of itself.
    ///
    /// - Parameters:
    ///   - raw: its own notes.
    ///   - file: gperftools' profile of the same process.
    /// - Throws: a ``SymbolizerError``.
    package mutating func add(_ raw: RawProfile, _ file: GperftoolsProfile, _ symbolizer: Symbolizer) async throws {
        let addresses = raw.stacks.map { ProfiledStack(addresses: $0.addresses, count: $0.count).lookUpAddresses }
        let frames = try await symbolizer.frames(of: Set(addresses.joined()), in: file.mappings)
        for frame in frames.values.joined() { categories[frame.function] = frame.category }
        for (stack, addresses) in zip(raw.stacks, addresses) {
            let named = addresses.flatMap { frames[$0] ?? [] }
            stacks.append(
                AttributedStack(
                    tasklet: stack.owner.name(among: raw.labels),
                    activity: Activity(of: named, owner: stack.owner),
                    frames: named,
                    count: stack.count,
                    time: stack.time
                )
            )
            sampleCount += stack.count
            sampledTime += stack.time
        }
        cpuTime += raw.cpuTime
        elapsed += raw.elapsed
        operations += raw.operations
        lost += raw.lost
        written += file.sampleCount
        matched += Self.matches(raw, file)
        period = UInt64(file.period / .nanoseconds(1))
    }

    /// How many samples both have, stack by stack.
    private static func matches(_ raw: RawProfile, _ file: GperftoolsProfile) -> Int {
        var noted: [[UInt64]: Int] = [:]
        for stack in raw.stacks { noted[stack.addresses, default: 0] += stack.count }
        return file.stacks.reduce(0) { $0 + min($1.count, noted[$1.addresses] ?? 0) }
    }
}

extension Owner {
    fileprivate func name(among labels: [String]) -> String? {
        guard case .tasklet(let label) = self else { return nil }
        return label >= 1 && Int(label) <= labels.count ? labels[Int(label) - 1] : "unknown"
    }
}
