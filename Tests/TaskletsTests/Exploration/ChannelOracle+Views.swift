// SPDX-License-Identifier: Apache-2.0

/// What is to be seen of the state that the oracle knows.
extension ChannelOracle {
    /// Waits on a channel.
    func isBlocked(_ puppet: Int) -> Bool { isWaiting(puppet) && watched[puppet] == nil }

    func isWaiting(_ puppet: Int) -> Bool {
        if case .busy(_, nil) = phases[puppet] { true } else { false }
    }

    /// Waits with a deadline.
    func hasDeadline(_ puppet: Int) -> Bool {
        if case .busy(let operation, nil) = phases[puppet] { operation.hasDeadline } else { false }
    }

    /// Has been answered, and has not gone on.
    func isSettled(_ puppet: Int) -> Bool {
        if case .busy(_, .some) = phases[puppet] { true } else { false }
    }

    func hasEnded(_ puppet: Int) -> Bool { phases[puppet] == .ended }

    /// Runnable, or on an ordered scheduler paused, between two operations.
    func isBetweenOperations(_ puppet: Int) -> Bool { phases[puppet] == .idle(hasStarted: true) }

    /// Whether a puppet may begin an operation, of which the outcome is certain then.
    func allows(_ operation: Operation, by puppet: Int) -> Bool {
        switch operation {
        case .run(let other): other != puppet && canBeRun(other)
        // A select that could do either of two things draws lots.
        default: operation.transfers.count { !lines[$0.channel].wouldBlock(isSend: $0.isSend) } < 2
        }
    }

    /// Whether a puppet is runnable, and knows what to do next.
    private func canBeRun(_ puppet: Int) -> Bool {
        isSettled(puppet) || watched[puppet] != nil || !isOrdered && isBetweenOperations(puppet)
    }

    /// Who would be answered together with somebody who begins this operation.
    func partner(of operation: Operation) -> Int? {
        operation.transfers.lazy.compactMap { transfer in
            let line = lines[transfer.channel]
            return line.partner(isSend: transfer.isSend).map { line.waiters[$0].puppet }
        }.first
    }

    /// How many objects are alive at least, and at most.
    var living: ClosedRange<Int> {
        let inside = Set(hands.values).union(lines.flatMap(\.buffer).compactMap(\.number))
        return inside.count...inside.union(offers.values).count
    }

    /// A puppet's part in the state.
    struct Part: Hashable, Sendable {
        var phase: Phase
        var awaitsExit: Bool
        var watches: Int?
        /// Where it stands in each line.
        var places: [Int?]
    }

    /// What tells states apart; values do not differ.
    struct Key: Hashable, Sendable {
        /// The puppets' parts, and how many have each of them; or who has it.
        var parts: [Part: Int] = [:]
        var buffers: [[Outcome]] = []
    }

    /// - Parameter hasNames: whether puppets differ by their names, and not only by what they do.
    func key(hasNames: Bool) -> Key {
        let parts = phases.indices.map { (part(of: $0), hasNames ? 1 << $0 : 1) }
        return Key(parts: Dictionary(parts, uniquingKeysWith: +), buffers: lines.map { $0.buffer.map(\.kind) })
    }

    private func part(of puppet: Int) -> Part {
        Part(
            phase: phase(of: puppet),
            awaitsExit: awaitsExit.contains(puppet),
            watches: watched[puppet],
            places: lines.map { line in line.waiters.firstIndex { $0.puppet == puppet } }
        )
    }

    private func phase(of puppet: Int) -> Phase {
        guard case .busy(let operation, let outcome) = phases[puppet] else { return phases[puppet] }
        return .busy(operation, outcome?.kind)
    }
}
