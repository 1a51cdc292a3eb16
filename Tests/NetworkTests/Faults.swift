// SPDX-License-Identifier: Apache-2.0

import Backends
import Tasklets
import TestSupport

/// A name that does not clash with Foundation's.
typealias SocketOperation = Tasklets.Operation

/// Faults injected into the system calls of one scheduler, and how many of each kind there were.
final class Faults: Sendable {
    private let counts = Box<[SocketOperation: Int]>([:])
    private let script: Script

    /// The faults of one kind of call, which are counted from 0.
    typealias Script = @Sendable (_ operation: SocketOperation, _ number: Int) -> SocketFault?

    init(_ script: @escaping Script) { self.script = script }

    func count(of operation: SocketOperation) -> Int { counts.value[operation, default: 0] }

    fileprivate func next(_ operation: SocketOperation) -> SocketFault? {
        var number = 0
        counts.update {
            number = $0[operation, default: 0]
            $0[operation] = number + 1
        }
        return script(operation, number)
    }
}

extension Configuration {
    /// Configurations whose socket calls can be made to fail; SwiftNIO makes its own.
    static let withFaults = all.filter { $0.backend != .nio }

    /// Runs `main` on a new scheduler whose system calls fail.
    func run<R: Sendable>(with faults: Faults, _ main: @escaping @Sendable () async throws -> R) async throws -> R {
        let scheduler = try makeScheduler(faults: faults.next)
        return try await onItsOwnThread { try scheduler.run(main) }
    }
}
