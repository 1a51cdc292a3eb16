// SPDX-License-Identifier: Apache-2.0

internal import CCounting

/// How long the threads of this process have been ready to run and did not, in nanoseconds.
enum ThreadWaits {
    /// The waits of all threads together, also of ended ones, if they were created after ``CallCounts/install()``; nil
    /// if the kernel does not tell.
    static func now() -> UInt64? {
        let waits = existing()
        guard !waits.isEmpty else { return nil }
        let ended = counting_begin_threads()
        defer { counting_end_threads() }
        // One that has ended since it was read is not to be there twice.
        return waits.reduce(ended) { counting_has_ended($1.thread) ? $0 : $0 &+ $1.wait }
    }

    private static func existing() -> [(thread: CInt, wait: UInt64)] {
        let folder = "/proc/self/task"
        return ProcFile.names(in: folder).compactMap { name in
            guard let thread = CInt(name), let text = ProcFile.text(of: "\(folder)/\(name)/schedstat"),
                let times = RunQueueTimes(schedstat: text)
            else { return nil }
            return (thread, times.waiting)
        }
    }
}
