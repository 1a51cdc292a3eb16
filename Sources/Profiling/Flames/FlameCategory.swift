// SPDX-License-Identifier: Apache-2.0

/// The kind of a frame, which decides its colour.
package enum FlameCategory: Sendable, Equatable, Hashable, CaseIterable {
    /// A tasklet, by its name.
    case tasklet
    /// The activity of a thread that runs tasklets.
    case state(Activity)
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

    /// All categories, in the order of a legend.
    package static var allCases: [FlameCategory] {
        [.tasklet] + Activity.ofSchedulers.map(FlameCategory.state) + [.program, .scheduler, .runtime, .kernel, .other]
    }

    /// The label in a legend.
    package var label: String {
        switch self {
        case .tasklet: "tasklet"
        case .state(let activity): "state: \(activity.rawValue)"
        case .program: "user code"
        case .scheduler: "scheduler"
        case .runtime: "Swift runtime"
        case .kernel: "kernel and libc"
        case .other: "other"
        }
    }

    /// The colour, as `#rrggbb`.
    ///
    /// All are light enough for dark text. A search has chosen them for the greatest distance between any two, both in
    /// normal vision and for readers who lack one type of cone.
    var color: String {
        switch self {
        case .tasklet: "#a6caa6"
        case .state(let activity): activity.color
        case .program: "#94ee94"
        case .scheduler: "#9482b8"
        case .runtime: "#ca7070"
        case .kernel: "#7082ee"
        case .other: "#dddddd"
        }
    }
}

extension Activity {
    /// The activities of threads that run a scheduler.
    fileprivate static let ofSchedulers = allCases.filter { $0 != .outside && $0 != .unknown }

    fileprivate var color: String {
        switch self {
        case .user: "#eeca28"
        case .switch: "#ee5e28"
        case .runQueue: "#dca628"
        case .poll: "#70caee"
        case .timer: "#82a6ee"
        case .idle: "#a6a6a6"
        case .outside, .unknown: "#dddddd"
        }
    }
}
