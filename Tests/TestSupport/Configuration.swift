// SPDX-License-Identifier: Apache-2.0

package import Backends
import Glibc
package import Tasklets
import Testing

/// A scheduler as the tests know it: a backend, how it switches, and how many workers it has.
package struct Configuration: Hashable, Sendable, CustomTestStringConvertible {
    package var backend: Backend
    package var switching: Switching
    package var workers: Int?

    package init(backend: Backend, switching: Switching, workers: Int? = nil) {
        self.backend = backend
        self.switching = switching
        self.workers = workers
    }

    /// Every backend with every switching that it has, and again with two workers where several tasklets can run at
    /// once.
    ///
    /// The environment variable `SWITCHYARD_CONFIGURATIONS` narrows it to the configurations whose description contains
    /// one of its words, which are separated by semicolons: `thread-per-task;2 workers` selects the ones that the
    /// thread sanitizer can follow.
    ///
    /// Where it is not set, ``leftOut`` are missing.
    package static let all = everything.filter { configuration in
        wanted.isEmpty
            ? !leftOut.contains(configuration)
            : wanted.contains { configuration.testDescription.contains($0) }
    }

    /// What only `SWITCHYARD_CONFIGURATIONS` selects, such as by `io-uring`: the backend does the same as `epoll` but for
    /// I/O, which does not depend on how tasklets switch.
    private static let leftOut = [Switching.hard, .slice, .continuation].map {
        Configuration(backend: .ioUring, switching: $0)
    }

    /// The words that ``all`` is narrowed to; empty for no narrowing.
    package static let wanted =
        (getenv("SWITCHYARD_CONFIGURATIONS").map { String(cString: $0) } ?? "").split(separator: ";").map(String.init)

    private static let everything: [Configuration] =
        Backend.available.flatMap { backend in
            backend.switchings.map { Configuration(backend: backend, switching: $0) }
        }
        + Backend.dispatch.switchings.map { Configuration(backend: .dispatch, switching: $0, workers: 2) }

    /// Configurations that run one tasklet at a time, in Stackless's order.
    package static let ordered = all.filter(\.isOrdered)
    /// Configurations that run several tasklets at a time.
    package static let concurrent = all.filter { !$0.isOrdered }
    /// Configurations whose tasklets may wait in synchronous code.
    package static let waitingSynchronously = all.filter(\.waitsSynchronously)
    /// Configurations where blocking in synchronous code sets a stack aside.
    package static let swappingStacks = all.filter { [.roundRobin, .epoll, .nio, .ioUring].contains($0.backend) }

    /// How a tasklet switches that waits in synchronous code.
    package var synchronousSwitching: Switching {
        guard Self.swappingStacks.contains(self) else { return .kernel }
        return switching == .slice ? .slice : .hard
    }

    package var testDescription: String {
        let suffix = workers.map { ", \($0) workers" } ?? ""
        return "\(backend.rawValue), \(switching.rawValue)\(suffix)"
    }

    /// Whether several of its tasklets may run at the same time.
    package var isConcurrent: Bool { workers != nil || [.threadPerTask, .swiftConcurrency].contains(backend) }

    /// Whether its tasklets may wait in synchronous code.
    package var waitsSynchronously: Bool { backend != .swiftConcurrency }

    /// Whether every tasklet is a thread: then a test should not spawn thousands at a time.
    package var isThreadPerTasklet: Bool { backend == .threadPerTask }

    package func makeScheduler(
        distrustingRuntime: Bool = false,
        distrustingTaskSize: Bool = false,
        faults: SocketFaults? = nil,
        stackSize: Int? = nil,
        names: NameService = .system
    ) throws -> any Scheduler {
        var options = SchedulerOptions(switching: switching, workers: workers)
        options.distrustsRuntime = distrustingRuntime
        options.distrustsTaskSize = distrustingTaskSize
        options.socketFaults = faults
        options.names = names
        options.stackSize = stackSize
        return try backend.makeScheduler(options)
    }

    private var isOrdered: Bool { (try? makeScheduler())?.isOrdered ?? false }

    /// Runs `main` on a new scheduler, on a thread of its own, and returns what it returned.
    package func run<R: Sendable>(_ main: @escaping @Sendable () async throws -> R) async throws -> R {
        let scheduler = try makeScheduler()
        return try await onItsOwnThread { try scheduler.run(main) }
    }

    /// Runs `main` on a new scheduler, and returns its counters once all tasklets have ended.
    package func counters(_ main: @escaping @Sendable () async throws -> Void) async throws -> SchedulerCounters {
        let scheduler = try makeScheduler()
        try await onItsOwnThread { try scheduler.run(main) }
        return scheduler.counters
    }

    /// Runs `main`, which is expected to make `run` throw, and returns that error.
    package func failure<R: Sendable>(_ main: @escaping @Sendable () async throws -> R) async throws -> (any Error)? {
        let scheduler = try makeScheduler()
        return try await onItsOwnThread {
            do {
                _ = try scheduler.run(main)
                return nil
            } catch {
                return error
            }
        }
    }
}

extension Backend {
    /// The backends that this system supports: it may refuse io_uring, as containers do.
    package static let available = allCases.filter { backend in
        do { _ = try backend.makeScheduler() } catch { return (error as? SchedulerError)?.code != .unsupported }
        return true
    }
}
