// SPDX-License-Identifier: Apache-2.0

import Backends
import Tasklets
import TestSupport
import Testing

/// A scheduler to sample.
struct SampledConfiguration: Hashable, Sendable, Codable, CustomTestStringConvertible {
    let backend: String
    let switching: Switching
    var workers: Int?

    /// Every backend with every switching that it supports, and concurrent ones with several workers, too.
    ///
    /// The environment variable `SWITCHYARD_CONFIGURATIONS` selects those whose description contains one of its values,
    /// which are separated by semicolons.
    static let all = everything.filter { configuration in
        Configuration.wanted.isEmpty
            ? configuration.backend != Backend.ioUring.rawValue || configuration.switching == .soft
            : Configuration.wanted.contains { configuration.testDescription.contains($0) }
    }

    private static let everything: [SampledConfiguration] =
        Backend.available.flatMap { backend in
            backend.switchings.map { SampledConfiguration(backend: backend.rawValue, switching: $0) }
        }
        + Backend.dispatch.switchings.map {
            SampledConfiguration(backend: Backend.dispatch.rawValue, switching: $0, workers: 2)
        }

    var testDescription: String {
        let suffix = workers.map { ", \($0) workers" } ?? ""
        return "\(backend), \(switching.rawValue)\(suffix)"
    }

    /// Whether blocking in synchronous code swaps stacks; otherwise it blocks the thread.
    var swapsStacks: Bool { isOne(of: .roundRobin, .epoll, .nio, .ioUring) }

    /// Whether its tasklets may wait in synchronous code.
    var waitsSynchronously: Bool { !isOne(of: .swiftConcurrency) }

    /// Whether the loop is the scheduler's own, rather than a host's.
    var ownsItsLoop: Bool { isOne(of: .roundRobin, .epoll, .ioUring, .threadPerTask) }

    private func isOne(of backends: Backend...) -> Bool { backends.map(\.rawValue).contains(backend) }

    func makeScheduler() throws -> any Scheduler {
        let backend = try #require(Backend(rawValue: backend))
        return try backend.makeScheduler(SchedulerOptions(switching: switching, workers: workers))
    }
}
