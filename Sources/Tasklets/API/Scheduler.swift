// SPDX-License-Identifier: Apache-2.0

/// Runs tasklets.
public protocol Scheduler: AnyObject, Sendable {
    /// Whether one tasklet runs at a time, in the order that Stackless defines.
    var isOrdered: Bool { get }

    /// How its tasklets leave the processor.
    ///
    /// What was asked for, unless the machine does not have it.
    var switching: Switching { get }

    /// A snapshot of all counts since creation.
    ///
    /// To be read by the scheduler's tasklets, or while it does not run.
    var counters: SchedulerCounters { get }

    /// Every tasklet that waits for another.
    ///
    /// To be read by the scheduler's tasklets, or while it does not run.
    var blockedTasklets: [BlockedTasklet] { get }

    /// Runs `main` as the main tasklet on the calling thread.
    ///
    /// Returns once `main` and every tasklet spawned have ended. Paused tasklets do not count.
    ///
    /// - Returns: what `main` returned.
    /// - Throws: what `main` threw; else an error that no tasklet caught; else ``SchedulerError`` with
    ///   ``SchedulerError/Code-swift.enum/deadlock`` and every blocked tasklet, when nothing can run any more. Those
    ///   are then killed, so that their `defer`s run; one that will not die is given up after a hundred times.
    func run<R: Sendable>(_ main: @escaping @Sendable () async throws -> R) throws -> R
}

/// What a scheduler is made with.
public struct SchedulerOptions: Sendable {
    /// How tasklets leave the processor; the backend's default where nil.
    public var switching: Switching?
    /// How many tasklets may run at the same time, where the backend can run several; its default where nil.
    public var workers: Int?
    /// Treats the Swift runtime as an unknown one, as on a system whose runtime the switching code does not know.
    package var distrustsRuntime = false

    /// The defaults of the backend.
    public init() {}

    /// As given; nil is the backend's default.
    public init(switching: Switching?, workers: Int? = nil) {
        self.switching = switching
        self.workers = workers
    }
}
