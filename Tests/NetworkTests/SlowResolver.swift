// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasklets
import TestSupport

/// A resolver whose answers wait until the test lets them go.
final class SlowResolver: @unchecked Sendable {
    // SAFETY: touched with the lock held.
    private var questions: [String] = []
    private var inProgress = 0
    private var most = 0
    private var isOpen = false
    private let lock = NSCondition()

    /// What the resolver was asked, in order.
    var asked: [String] { lock.withLock { questions } }
    /// How many questions are being answered.
    var running: Int { lock.withLock { inProgress } }
    /// The most that were being answered at the same time.
    var mostRunning: Int { lock.withLock { most } }

    /// Every host has the address 127.0.0.1; "unknown" has none.
    @Sendable func resolve(_ host: String) throws -> [NetworkAddress] {
        lock.withLock {
            questions.append(host)
            inProgress += 1
            most = max(most, inProgress)
            while !isOpen { lock.wait() }
            inProgress -= 1
        }
        if host == "unknown" { throw SchedulerError(.system, "unknown is unknown") }
        return [.loopback(port: 0)]
    }

    /// Lets this answer, and all later ones, go.
    func open() {
        lock.withLock {
            isOpen = true
            lock.broadcast()
        }
    }
}

extension NetworkAddress {
    /// An address of the loopback interface, `127.0.0.1` for host 1.
    static func loopback(_ host: UInt8 = 1, port: Int) -> NetworkAddress {
        NetworkAddress(bytes: [2, 0, 0, 0, 127, 0, 0, host] + [UInt8](repeating: 0, count: 8)).with(port: port)
    }

    /// The IPv6 address `::host`.
    static func version6(_ host: UInt8) -> NetworkAddress {
        NetworkAddress(bytes: [10, 0] + [UInt8](repeating: 0, count: 21) + [host, 0, 0, 0, 0])
    }
}

extension Configuration {
    /// Runs `main` on a new scheduler with a name service of its own.
    func run<R: Sendable>(
        with names: NameService,
        _ main: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        let scheduler = try makeScheduler(names: names)
        return try await onItsOwnThread { try scheduler.run(main) }
    }
}
