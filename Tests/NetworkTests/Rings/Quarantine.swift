// SPDX-License-Identifier: Apache-2.0

import Backends
import Tasklets
import TestSupport

/// Memory that the kernel had, and has let go of: it is filled with a pattern, and not freed.
///
/// What the kernel still writes there changes the pattern; what it still sends from there has it.
final class Quarantine: Sendable {
    private struct Area: @unchecked Sendable {
        // SAFETY: the memory is nobody else's, and nobody writes to it.
        var memory: UnsafeMutableRawBufferPointer
    }

    private let areas = Box<[Area]>([])

    static let poison: UInt8 = 0xA5

    @Sendable func take(_ memory: UnsafeMutableRawBufferPointer) {
        memory.initializeMemory(as: UInt8.self, repeating: Self.poison)
        let area = Area(memory: memory)
        areas.update { $0.append(area) }
    }

    /// How many bytes it has.
    var count: Int { areas.value.reduce(0) { $0 + $1.memory.count } }

    var isIntact: Bool { areas.value.allSatisfy { $0.memory.allSatisfy { $0 == Self.poison } } }
}

extension Configuration {
    /// Configurations whose operations a ring performs.
    static let rings = all.filter { $0.backend == .ioUring }

    /// Runs `main` on a new scheduler with a ring, and returns what it returned, and the counters.
    func runWithRing<R: Sendable>(
        buffers: Int? = nil,
        _ quarantine: Quarantine? = nil,
        _ main: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        var options = SchedulerOptions(switching: switching)
        options.ringBuffers = buffers
        if let quarantine { options.retiresMemory = quarantine.take }
        let scheduler = try backend.makeScheduler(options)
        return try await onItsOwnThread { try scheduler.run(main) }
    }
}
