// SPDX-License-Identifier: Apache-2.0

/// How long a thread has had a processor, and how long it waited for one, in nanoseconds.
struct RunQueueTimes: Sendable, Equatable {
    var running: UInt64
    var waiting: UInt64

    /// Creates times from numbers.
    init(running: UInt64, waiting: UInt64) {
        self.running = running
        self.waiting = waiting
    }

    /// Parses a `schedstat` file of a thread: the two times, and the number of time slices.
    ///
    /// Returns nil for another format, and for a thread that seems never to have run: so a kernel looks that does not
    /// keep these times.
    init?(schedstat text: String) {
        let fields = text.split(whereSeparator: \.isWhitespace).map { UInt64($0) }
        guard fields.count == 3, let running = fields[0], let waiting = fields[1], running > 0 else { return nil }
        self.init(running: running, waiting: waiting)
    }

    /// The times of the calling thread; nil if the kernel does not tell.
    static func ofThisThread() -> RunQueueTimes? {
        ProcFile.text(of: "/proc/thread-self/schedstat").flatMap(RunQueueTimes.init(schedstat:))
    }
}
