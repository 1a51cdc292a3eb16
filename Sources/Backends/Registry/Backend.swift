// SPDX-License-Identifier: Apache-2.0

internal import DispatchBackend
internal import EpollBackend
internal import IOUringBackend
internal import NIOBackend
internal import RoundRobinBackend
internal import SwiftConcurrencyBackend
public import Tasklets
internal import ThreadPerTaskBackend

/// The scheduling strategies.
///
/// The raw values are their names on the command line.
public enum Backend: String, CaseIterable, Sendable {
    /// First in, first out; deadlines and sockets are polled once per full turn of the run queue.
    ///
    /// A poll takes time in proportion to the sockets at which tasklets wait: not for thousands of connections.
    case roundRobin = "round-robin"
    /// Driven by I/O: the loop is the reactor.
    case epoll
    /// Turns are work items on Dispatch queues.
    case dispatch
    /// A thread per tasklet; the kernel schedules.
    case threadPerTask = "thread-per-task"
    /// Driven by I/O: the loop runs as a guest of SwiftNIO's event loop.
    case nio
    /// Driven by completions: the loop hands the kernel operations in batches, with io_uring.
    ///
    /// Making its scheduler throws, with code `unsupported`, where the kernel is older than Linux 6.0, or io_uring is
    /// forbidden, as it is in many containers.
    case ioUring = "io-uring"
    /// A task on Swift's global concurrent executor per tasklet; the runtime's own pool schedules.
    ///
    /// Waits in synchronous code are refused, with code `unsupported`, and so is a run on one of the pool's threads.
    case swiftConcurrency = "swift-concurrency"

    /// How its tasklets can leave the processor.
    ///
    /// The first is the default.
    public var switchings: [Switching] {
        switch self {
        case .roundRobin, .epoll, .nio, .ioUring: [.soft, .hard, .slice, .continuation]
        case .dispatch: [.soft, .continuation]
        case .threadPerTask: [.kernel]
        case .swiftConcurrency: [.continuation]
        }
    }

    /// Makes a scheduler.
    ///
    /// - Throws: `SchedulerError` with code `unsupported` when the backend does not support the options, and with code
    ///   `system` when the operating system refuses.
    public func makeScheduler(_ options: SchedulerOptions = .init()) throws -> any Scheduler {
        let switching = try checkedSwitching(options)
        try checkWorkers(options)
        try checkStackSize(options)
        return switch self {
        case .roundRobin: try RoundRobinScheduler.make(options, switching)
        case .epoll: try EpollScheduler.make(options, switching)
        case .dispatch: try DispatchScheduler.make(options, switching)
        case .threadPerTask: try ThreadPerTaskScheduler.make(options, switching)
        case .nio: NIOScheduler.make(options, switching)
        case .ioUring: try IOUringScheduler.make(options, switching)
        case .swiftConcurrency: SwiftConcurrencyScheduler.make(options, switching)
        }
    }

    /// Whether its tasklets can run on several processors at the same time.
    public var isParallel: Bool { hasWorkers || self == .threadPerTask || self == .swiftConcurrency }

    /// Whether the number of its workers can be set.
    public var hasWorkers: Bool { self == .dispatch }

    private func checkedSwitching(_ options: SchedulerOptions) throws -> Switching {
        guard let wanted = options.switching else { return switchings[0] }
        guard switchings.contains(wanted) else {
            let known = switchings.map(\.rawValue).joined(separator: ", ")
            throw SchedulerError(
                .unsupported,
                "\(rawValue) does not switch by \(wanted.rawValue); it supports \(known)"
            )
        }
        return wanted
    }

    private func checkStackSize(_ options: SchedulerOptions) throws {
        guard let size = options.stackSize else { return }
        guard self != .dispatch, self != .swiftConcurrency else {
            throw SchedulerError(.unsupported, "the stacks of Dispatch's threads have one size, which cannot be set")
        }
        guard (64 << 10...1 << 30).contains(size) else {
            throw SchedulerError(.unsupported, "a tasklet's stack has from 64 KiB to 1 GiB, not \(size) bytes")
        }
    }

    /// Each turn of a worker may end up waiting in synchronous code, and Dispatch has 255 threads: with more workers, and
    /// with the threads that tasklets block before spare ones take over, none would be left.
    private static let mostWorkers = 128

    private func checkWorkers(_ options: SchedulerOptions) throws {
        guard let workers = options.workers else { return }
        guard workers >= 1 else {
            throw SchedulerError(.unsupported, "a scheduler needs at least 1 worker, not \(workers)")
        }
        switch self {
        case .dispatch:
            guard workers <= Self.mostWorkers else {
                throw SchedulerError(.unsupported, "dispatch has at most \(Self.mostWorkers) workers, not \(workers)")
            }
        case .roundRobin, .epoll, .nio, .ioUring:
            guard workers == 1 else {
                throw SchedulerError(.unsupported, "\(rawValue) has 1 worker, not \(workers)")
            }
        case .threadPerTask:
            throw SchedulerError(.unsupported, "\(rawValue) has one worker per tasklet; their number cannot be set")
        case .swiftConcurrency:
            throw SchedulerError(
                .unsupported,
                "\(rawValue) has the workers of Swift's own pool; their number cannot be set"
            )
        }
    }
}
