// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport

/// Programs with the traces that PyPy leaves of them, made once for all configurations.
///
/// The environment variables `SWITCHYARD_PEER_PROGRAMS` and `SWITCHYARD_PEER_SEED` set how many programs there are, and
/// the first seed: 1000 from 1 by default.
actor PeerBatches {
    /// A program and PyPy's trace of it.
    struct Entry: Sendable {
        var program: PeerProgram
        var trace: [String]
    }

    static let shared = PeerBatches(readers: Configuration.ordered.count)

    /// The seeds, in batches.
    static let all: [Range<Int>] = {
        let first = number("SWITCHYARD_PEER_SEED") ?? 1
        let end = first + (number("SWITCHYARD_PEER_PROGRAMS") ?? 1000)
        return stride(from: first, to: end, by: 250).map { $0..<min($0 + 250, end) }
    }()

    private static func number(_ variable: String) -> Int? { getenv(variable).flatMap { Int(String(cString: $0)) } }

    private let readers: Int
    private var batches: [Range<Int>: (task: Task<[Entry], any Error>, readersLeft: Int)] = [:]

    init(readers: Int) { self.readers = readers }

    /// The programs of these seeds, which each configuration asks for once; then they are forgotten.
    func batch(_ seeds: Range<Int>) async throws -> [Entry] {
        var batch = batches[seeds] ?? (Task { try await Self.entries(seeds) }, readers)
        batch.readersLeft -= 1
        batches[seeds] = batch.readersLeft > 0 ? batch : nil
        return try await batch.task.value
    }

    /// The same, without keeping them for other configurations.
    static func entries(_ seeds: Range<Int>) async throws -> [Entry] {
        let programs = seeds.map { PeerProgram(seededWith: UInt64($0)) }
        return zip(programs, try await PyPy.traces(of: programs)).map { Entry(program: $0, trace: $1) }
    }
}
