// SPDX-License-Identifier: Apache-2.0

/// Views of the oracle's state.
extension ChannelOracle {
    /// Whether a puppet waits on a channel.
    func isBlocked(_ puppet: Int) -> Bool { isWaiting(puppet) && deferring[puppet] == nil }

    func isWaiting(_ puppet: Int) -> Bool {
        if case .busy(_, nil) = phases[puppet] { true } else { false }
    }

    /// Whether a puppet waits with a deadline.
    func hasDeadline(_ puppet: Int) -> Bool {
        if case .busy(let operation, nil) = phases[puppet] { operation.hasDeadline } else { false }
    }

    /// Whether a puppet's operation is complete and the puppet has not continued.
    func isCompleted(_ puppet: Int) -> Bool {
        if case .busy(_, .some) = phases[puppet] { true } else { false }
    }

    func hasEnded(_ puppet: Int) -> Bool { phases[puppet] == .ended }

    /// Whether a puppet is runnable, or on an ordered scheduler paused, between two operations.
    func isBetweenOperations(_ puppet: Int) -> Bool { phases[puppet] == .idle(hasStarted: true) }

    /// Whether a puppet may begin an operation; its outcome is then determined.
    func allows(_ operation: Operation, by puppet: Int) -> Bool {
        switch operation {
        case .run(let other): other != puppet && canBeRun(other)
        // A select with two ready cases picks one at random.
        default: operation.transfers.count { !lines[$0.channel].wouldBlock(isSend: $0.isSend) } < 2
        }
    }

    /// Whether a puppet is runnable, and has something to do.
    private func canBeRun(_ puppet: Int) -> Bool {
        isCompleted(puppet) || deferring[puppet] != nil || !isOrdered && isBetweenOperations(puppet)
    }

    /// The waiting puppet whose operation would complete together with this one.
    func partner(of operation: Operation) -> Int? {
        operation.transfers.lazy.compactMap { transfer in
            let line = lines[transfer.channel]
            return line.partner(isSend: transfer.isSend).map { line.waiters[$0].puppet }
        }.first
    }

    /// The minimum and the maximum number of live objects.
    var living: ClosedRange<Int> {
        let inside = Set(slots.values).union(lines.flatMap(\.buffer).compactMap(\.number))
        return inside.count...inside.union(offers.values).count
    }

    /// A puppet's part in the state.
    struct Part: Hashable, Sendable {
        var phase: Phase
        var hasPendingExit: Bool
        var defersTo: Int?
        /// Its position in each line.
        var places: [Int?]
    }

    /// Identifies a state; values are not told apart.
    struct Key: Hashable, Sendable {
        /// The puppets' parts, with how many puppets have each; or a mask of the puppets that have it.
        var parts: [Part: Int] = [:]
        var buffers: [[Outcome]] = []
    }

    /// - Parameter hasNames: whether puppets differ by their numbers, and not only by what they do.
    func key(hasNames: Bool) -> Key {
        let parts = phases.indices.map { (part(of: $0), hasNames ? 1 << $0 : 1) }
        return Key(parts: Dictionary(parts, uniquingKeysWith: +), buffers: lines.map { $0.buffer.map(\.kind) })
    }

    private func part(of puppet: Int) -> Part {
        Part(
            phase: phase(of: puppet),
            hasPendingExit: pendingExits.contains(puppet),
            defersTo: deferring[puppet],
            places: lines.map { line in line.waiters.firstIndex { $0.puppet == puppet } }
        )
    }

    private func phase(of puppet: Int) -> Phase {
        guard case .busy(let operation, let outcome) = phases[puppet] else { return phases[puppet] }
        return .busy(operation, outcome?.kind)
    }
}
