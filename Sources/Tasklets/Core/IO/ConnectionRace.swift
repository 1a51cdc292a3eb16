// SPDX-License-Identifier: Apache-2.0

/// Connects to one of a host's addresses, as RFC 8305 ("Happy Eyeballs") has it.
///
/// Addresses are tried in turn, IPv6 and IPv4 alternately. Each attempt has `delay` for itself; then, or as soon as an
/// attempt fails, the next one starts beside those in progress. The first to connect wins, and the others are closed.
/// So an address that does not answer costs the delay and not the whole deadline.
///
/// It differs from the RFC where getaddrinfo(3) does: that returns the addresses of both families at once, so there is
/// no waiting for one of them.
package struct ConnectionRace: Sendable {
    /// How long an attempt has before the next one starts beside it; RFC 8305, section 5.
    private let delay: Duration
    private let connect: Attempt

    /// Connects a stream to its address, and returns nil, or why that has failed.
    package typealias Attempt = @Sendable (_ stream: TCPStream, _ deadline: Deadline) async throws -> String?

    /// A race; only tests choose a delay and replace the attempt.
    package init(
        delay: Duration = .milliseconds(250),
        connect: @escaping Attempt = { try await $0.connect(until: $1) }
    ) {
        self.delay = delay
        self.connect = connect
    }

    /// The first stream that connects.
    ///
    /// Throws ``SchedulerError``: with code `timedOut` when the deadline has passed, and `system` when no address
    /// answers, saying what each said; or what was thrown into the tasklet while it waited.
    ///
    /// - Parameter name: what the error calls the host.
    package func winner(
        among addresses: [NetworkAddress],
        of name: String,
        until deadline: Deadline
    ) async throws -> TCPStream {
        let attempts = ConnectionAttempts(connect)
        var winner: TCPStream?
        defer { attempts.close(except: winner) }
        if addresses.count == 1 {
            winner = try await attempts.makeOnly(to: addresses[0], until: deadline)
        } else {
            winner = try await race(NetworkAddress.interleaved(addresses), attempts, until: deadline)
        }
        guard let winner else {
            throw SchedulerError(.system, "connect to \(name): \(attempts.failures.joined(separator: "; "))")
        }
        return winner
    }

    private func race(
        _ addresses: [NetworkAddress],
        _ attempts: ConnectionAttempts,
        until deadline: Deadline
    ) async throws -> TCPStream? {
        for (index, address) in addresses.enumerated() {
            try attempts.start(address)
            let isLast = index == addresses.count - 1
            let next = isLast ? deadline : min(deadline, .after(delay))
            if let winner = try await attempts.winner(until: next, orFailure: !isLast) { return winner }
            guard deadline.isToCome else { throw SchedulerError.timedOut(.connect) }
        }
        return nil
    }
}

extension NetworkAddress {
    /// The addresses with the families in turn, and in their order otherwise; the first one stays first.
    package static func interleaved(_ addresses: [NetworkAddress]) -> [NetworkAddress] {
        let leading = addresses.filter { $0.family == addresses[0].family }
        let others = addresses.filter { $0.family != addresses[0].family }
        let longest = max(leading.count, others.count)
        return (0..<longest).flatMap { index in
            [leading, others].flatMap { $0.dropFirst(index).prefix(1) }
        }
    }
}
