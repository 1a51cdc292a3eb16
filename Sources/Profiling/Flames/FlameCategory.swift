// SPDX-License-Identifier: Apache-2.0

/// What kind of thing a frame is, which decides its colour.
package enum FlameCategory: Sendable, Equatable, Hashable, CaseIterable {
    /// A tasklet, by its name.
    case tasklet
    /// The state of a thread that executes tasklets.
    case state(State)
    /// The program's own code.
    case program
    /// The scheduler: its core and its strategy.
    case scheduler
    /// The Swift runtime and standard library.
    case runtime
    /// The kernel and the C library.
    case kernel
    /// Anything else.
    case other

    /// What a thread that executes tasklets is about.
    package enum State: Sendable, Equatable, Hashable, CaseIterable {
        /// It executes a tasklet.
        case user
        /// It goes from one tasklet to another.
        case switching
        /// It puts tasklets into the run queue, or takes them out.
        case runQueue
        /// It asks the kernel what is ready.
        case poll
        /// It arms, disarms or serves timers.
        case timer
        /// It has nothing to do.
        case idle
    }

    /// All categories, in the order of a legend.
    package static var allCases: [FlameCategory] {
        [.tasklet] + State.allCases.map(FlameCategory.state) + [.program, .scheduler, .runtime, .kernel, .other]
    }

    /// How a legend calls it.
    package var label: String {
        switch self {
        case .tasklet: "tasklet"
        case .state(let state): state.label
        case .program: "user code"
        case .scheduler: "scheduler"
        case .runtime: "Swift runtime"
        case .kernel: "kernel and libc"
        case .other: "other"
        }
    }

    /// The colour, as `#rrggbb`.
    ///
    /// All are light enough for dark text. They were searched for so that any two are as far apart as can be, both to
    /// eyes that see three colours and to those that lack one of the three cones.
    var color: String {
        switch self {
        case .tasklet: "#a6caa6"
        case .state(let state): state.color
        case .program: "#94ee94"
        case .scheduler: "#9482b8"
        case .runtime: "#ca7070"
        case .kernel: "#7082ee"
        case .other: "#dddddd"
        }
    }
}

extension FlameCategory.State {
    fileprivate var label: String {
        switch self {
        case .user: "state: user"
        case .switching: "state: switch"
        case .runQueue: "state: run queue"
        case .poll: "state: poll"
        case .timer: "state: timer"
        case .idle: "state: idle"
        }
    }

    fileprivate var color: String {
        switch self {
        case .user: "#eeca28"
        case .switching: "#ee5e28"
        case .runQueue: "#dca628"
        case .poll: "#70caee"
        case .timer: "#82a6ee"
        case .idle: "#a6a6a6"
        }
    }
}
