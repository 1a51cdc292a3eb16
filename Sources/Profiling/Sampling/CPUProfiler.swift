// SPDX-License-Identifier: Apache-2.0

internal import CProfiler
internal import Glibc
package import Tasklets

/// Profiles this process with gperftools, and notes beside each sample which tasklet it belongs to.
///
/// The library is loaded when it is needed, so that all else works without it. Its samples come when the process has
/// used a certain amount of processor time: threads that wait take none.
package struct CPUProfiler: ~Copyable {
    private let notes: UnsafeMutablePointer<profiler_notes>

    /// Makes sure that the library is there, before anything is begun that needs it.
    ///
    /// - Throws: ``CPUProfilerError`` where it is not.
    package static func require() throws(CPUProfilerError) {
        if let reason = profiler_load() { throw .missing(String(cString: reason)) }
    }

    /// Loads the profiler.
    ///
    /// - Parameters:
    ///   - frequency: samples for every second of processor time. The kernel looks at the time that is used at its own
    ///     ticks, which is why more than those (250 a second, often) do not come.
    ///   - capacity: how many words the notes may take: a sample takes two, and one for every frame.
    /// - Throws: ``CPUProfilerError`` where the library is not to be had.
    package init(frequency: Int, capacity: Int) throws(CPUProfilerError) {
        // Read by the library when it is loaded.
        setenv("CPUPROFILE_FREQUENCY", "\(frequency)", 1)
        try Self.require()
        let words = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
        // Touched now, so that the samples are not of page faults.
        words.initialize(repeating: 0, count: capacity)
        notes = .allocate(capacity: 1)
        notes.initialize(to: profiler_notes(words: words, capacity: capacity, count: 0, lost: 0))
        Labels.turnOn()
    }

    deinit {
        notes.pointee.words.deallocate()
        notes.deallocate()
    }

    /// Starts to profile, paused.
    ///
    /// - Parameters:
    ///   - scheduler: whose tasklets are told apart; threads of others count as outside.
    ///   - path: where gperftools writes its own profile.
    /// - Throws: ``CPUProfilerError`` where that cannot be written.
    package func start(_ scheduler: any Scheduler, writingTo path: String) throws(CPUProfilerError) {
        let identity = (scheduler as? SchedulerCore)?.identity
        guard profiler_start(path, notes, identity, Labels.offset) else { throw .cannotStart(path) }
    }

    /// Goes on.
    package func resume() { profiler_resume() }

    /// Pauses: what happens until it goes on is no part of the profile.
    package func pause() { profiler_pause() }

    /// Ends it, and returns the nanoseconds of processor time after the last sample, pauses not counted.
    @discardableResult package func stop() -> UInt64 { profiler_stop() }

    /// What was noted, once it has ended.
    package var stacks: [LabelledStack] {
        LabelledStack.all(in: UnsafeBufferPointer(start: notes.pointee.words, count: notes.pointee.count))
    }

    /// The names of tasklets: label 1 is the first's.
    package static var labels: [String] { Labels.names }

    /// Samples that there was no room for.
    package var lost: Int { Int(notes.pointee.lost) }
}

/// Why there is no profile.
package enum CPUProfilerError: Error, Equatable, CustomStringConvertible {
    /// The library cannot be loaded, for the loader's reason.
    case missing(String)
    /// The file cannot be written.
    case cannotStart(String)

    package var description: String {
        switch self {
        case .missing(let reason):
            "profiles need gperftools: install the package libgoogle-perftools-dev "
                + "('apt-get install libgoogle-perftools-dev'); the loader says: \(reason)"
        case .cannotStart(let path): "the profile '\(path)' cannot be written"
        }
    }
}
