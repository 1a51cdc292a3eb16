// SPDX-License-Identifier: Apache-2.0

internal import CProfiler
internal import Glibc
package import Tasklets

/// Profiles this process with gperftools, and notes for each sample which tasklet it belongs to.
///
/// The library loads on demand, so that everything else works without it. It samples per processor time of the process:
/// threads that wait are never sampled.
package struct CPUProfiler: ~Copyable {
    private let notes: UnsafeMutablePointer<profiler_notes>

    /// Loads the library, to fail early where it is missing.
    ///
    /// - Throws: ``CPUProfilerError``.
    package static func require() throws(CPUProfilerError) {
        if let reason = profiler_load() { throw .missing(String(cString: reason)) }
    }

    /// Loads the library and allocates the notes.
    ///
    /// - Parameters:
    ///   - frequency: samples per second of processor time. The kernel checks the time at its ticks, often 250 a
    ///     second, which limits the samples.
    ///   - capacity: the size of the notes in words: a sample takes two, and one per frame.
    /// - Throws: ``CPUProfilerError`` if the library is missing.
    package init(frequency: Int, capacity: Int) throws(CPUProfilerError) {
        // The library reads it as it loads.
        setenv("CPUPROFILE_FREQUENCY", "\(frequency)", 1)
        try Self.require()
        let words = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
        // Touched now, so that page faults do not appear in the samples.
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
    ///   - scheduler: the scheduler whose tasklets to distinguish; other threads count as outside.
    ///   - path: where gperftools writes its own profile.
    /// - Throws: ``CPUProfilerError`` if the file cannot be written.
    package func start(_ scheduler: any Scheduler, writingTo path: String) throws(CPUProfilerError) {
        let identity = (scheduler as? SchedulerCore)?.identity
        guard profiler_start(path, notes, identity, Labels.offset) else { throw .cannotStart(path) }
    }

    /// Resumes sampling.
    package func resume() { profiler_resume() }

    /// Pauses sampling.
    package func pause() { profiler_pause() }

    /// Stops, and returns the nanoseconds of processor time since the last sample, pauses excluded.
    @discardableResult package func stop() -> UInt64 { profiler_stop() }

    /// The samples by stack, after ``stop()``.
    package var stacks: [LabelledStack] {
        LabelledStack.all(in: UnsafeBufferPointer(start: notes.pointee.words, count: notes.pointee.count))
    }

    /// The tasklets' names; label 1 is the first.
    package static var labels: [String] { Labels.names }

    /// The number of samples dropped for lack of room.
    package var lost: Int { Int(notes.pointee.lost) }
}

/// Why a process cannot be profiled.
package enum CPUProfilerError: Error, Equatable, CustomStringConvertible {
    /// The library does not load, with the loader's reason.
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
