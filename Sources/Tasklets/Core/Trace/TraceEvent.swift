// SPDX-License-Identifier: Apache-2.0

/// Something that happened to a tasklet, or a system call, at one moment.
package struct TraceEvent: Sendable, Equatable {
    package enum Kind: UInt8, Sendable {
        /// The tasklet is runnable from now on; its first event, where it was spawned while the recorder was on.
        case ready
        /// It has the processor from now on.
        case run
        /// It leaves the processor, and waits from now on for what ``TraceEvent/detail`` says.
        case leave
        /// Its body has ended.
        case end
        /// A system call has returned.
        case call
        /// The program has marked the moment.
        case mark
    }

    package var kind: Kind
    /// The moment, in nanoseconds of the monotonic clock; of a system call, that of its return.
    package var time: UInt64
    /// How long a system call took, in nanoseconds.
    package var duration: UInt64 = 0
    /// The id of the tasklet; 0 for none.
    package var tasklet: UInt64 = 0
    /// The id of the tasklet that made this one ready; 0 for none.
    package var waker: UInt64 = 0
    /// The number of the tasklet's label, of ``Labels``.
    package var label: UInt32 = Labels.none
    /// The number of the thread; see ``Trace/threads``.
    package var thread: UInt32 = 0
    /// The number of the wait, of ``Trace/waits``; of a call or a mark, that of its name, of ``Trace/names``.
    package var detail: UInt32 = 0

    package init(kind: Kind, time: UInt64, tasklet: UInt64 = 0, detail: UInt32 = 0) {
        self.kind = kind
        self.time = time
        self.tasklet = tasklet
        self.detail = detail
    }
}

/// What a tasklet waits for while it does not have the processor.
package struct TraceWait: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable, Codable {
        /// Its turn.
        case runQueue = "run queue"
        /// A partner on a channel, or one of several.
        case channel
        /// A one-shot value.
        case oneShot = "one-shot"
        /// An operation on a socket.
        case socket
        /// A deadline.
        case timer
        /// The end of another tasklet.
        case join
        /// Something that the Swift runtime brings about: a task group, an actor, another task's value.
        case runtime
        /// To be inserted again.
        case paused
    }

    package var kind: Kind
    /// Which one, such as a channel's name; empty where there is nothing to say.
    package var detail: String

    package init(_ kind: Kind, _ detail: String = "") {
        self.kind = kind
        self.detail = detail
    }
}

/// What a ``TraceRecorder`` has recorded.
package struct Trace: Sendable {
    /// In the order of their times.
    package var events: [TraceEvent] = []
    /// Whether there were more events than there was room for: then the last ones are missing.
    package var isCut = false
    /// Whether the scheduler is not told when the runtime suspends its tasklets: they count as running meanwhile, and
    /// others may run on their threads.
    package var hidesSuspensions = false
    /// With those for the run queue and the runtime.
    package var waits = [TraceWait(.runQueue), TraceWait(.runtime)]
    /// The names of system calls and marks.
    package var names: [String] = []
    /// How many threads have events; they are numbered from 0.
    package var threads = 0
    /// The names of the labels: label 1 is the first's.
    package var labels: [String] = []

    package init() {}
}
