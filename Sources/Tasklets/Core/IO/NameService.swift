// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Host names to addresses, for the tasklets of all schedulers.
///
/// getaddrinfo(3) blocks its thread, cannot be interrupted, and is the only function that asks all that the system is
/// configured to ask. So look-ups have threads of their own, at most ``threadLimit`` at a time, which end when nothing
/// is left to look up; and tasklets wait for one-shot values. What one tasklet has asked and no thread has answered
/// yet, others do not ask again. A tasklet waits no longer than its deadline; its question is dropped if it was the
/// last that waited and no thread has begun on it. So there are never more questions in the queue than tasklets that
/// wait.
///
/// Answers are not kept: getaddrinfo does not tell how long they are valid, and what it asks, such as
/// systemd-resolved, keeps them for as long as they are.
package final class NameService: Sendable {
    /// Asks the system.
    package static let system = NameService(resolve: NameLookUp.addresses(of:))

    /// How many threads look names up at the same time.
    ///
    /// Names whose servers do not answer keep a thread for ten seconds or more, by resolv.conf(5)'s defaults; others
    /// should find a free one meanwhile.
    package static let threadLimit = 32

    /// Finds the addresses of a host, with any port; blocks its thread.
    package typealias Resolver = @Sendable (_ host: String) throws -> [NetworkAddress]

    private let threadLimit: Int
    private let resolve: Resolver
    private let state = Guarded(State())

    private struct State {
        /// The questions without an answer, by host.
        var lookUps: [String: LookUp] = [:]
        /// Those on which no thread has begun.
        var queue = TicketQueue<LookUp>()
        var threads = 0

        mutating func takeNext() -> LookUp? {
            let next = queue.popFirst()
            next?.ticket = nil
            return next
        }
    }

    /// A question, and the tasklets that wait for its answer.
    private final class LookUp: @unchecked Sendable {
        // SAFETY: the properties that change are touched with the lock of the state held.
        let host: String
        let answer = OneShot<[NetworkAddress]>()
        var waiters = 1
        /// Its place in the queue, until a thread begins.
        var ticket: TicketQueue<LookUp>.Ticket?

        init(_ host: String) { self.host = host }
    }

    package init(threadLimit: Int = threadLimit, resolve: @escaping Resolver) {
        self.threadLimit = threadLimit
        self.resolve = resolve
    }

    /// The addresses of a host, with a port.
    ///
    /// Throws ``SchedulerError``: with code `timedOut` when the deadline has passed, and `system` when the host is
    /// unknown, or no thread is left; or what was thrown into the tasklet while it waited.
    func addresses(of host: String, port: Int, until deadline: Deadline) async throws -> [NetworkAddress] {
        guard (0...65_535).contains(port) else {
            throw SchedulerError(.system, "\(port) is not a port; ports are 0 to 65535")
        }
        if let address = NameLookUp.numericAddress(host) { return [address.with(port: port)] }
        return try await lookUp(host, until: deadline).map { $0.with(port: port) }
    }

    private func lookUp(_ host: String, until deadline: Deadline) async throws -> [NetworkAddress] {
        let lookUp = join(host)
        defer { leave(lookUp) }
        guard let result = try await lookUp.answer.result(until: deadline) else {
            throw SchedulerError(.timedOut, "looking up \(host): the deadline has passed")
        }
        return try result.get()
    }

    // MARK: Waiters

    /// Adds a waiter to the question, which is asked now unless it was asked before.
    private func join(_ host: String) -> LookUp {
        let (lookUp, needsThread) = state.withLock { state in
            if let asked = state.lookUps[host] {
                asked.waiters += 1
                return (asked, false)
            }
            let lookUp = LookUp(host)
            state.lookUps[host] = lookUp
            lookUp.ticket = state.queue.append(lookUp)
            let needsThread = state.threads < threadLimit
            if needsThread { state.threads += 1 }
            return (lookUp, needsThread)
        }
        if needsThread, let failure = DetachedThread.start(work) { threadIsMissing(failure) }
        return lookUp
    }

    private func leave(_ lookUp: LookUp) {
        state.withLock { state in
            lookUp.waiters -= 1
            guard lookUp.waiters == 0, let ticket = lookUp.ticket.take() else { return }
            state.queue.remove(ticket)
            state.lookUps[lookUp.host] = nil
        }
    }

    /// Other threads, if there are any, answer all questions; otherwise nobody would.
    private func threadIsMissing(_ code: CInt) {
        let unanswerable: [LookUp] = state.withLock { state in
            state.threads -= 1
            var unanswerable: [LookUp] = []
            while state.threads == 0, let lookUp = state.takeNext() {
                state.lookUps[lookUp.host] = nil
                unanswerable.append(lookUp)
            }
            return unanswerable
        }
        let reason = "no thread is left to look up a name: \(String(cString: strerror(code)))"
        for lookUp in unanswerable { lookUp.answer.fail(SchedulerError.shortage(reason)) }
    }

    // MARK: Threads

    /// What a thread does: answers questions until none is left.
    @Sendable private func work() {
        while let lookUp = begin() {
            let result = Result { try resolve(lookUp.host) }
            state.withLock { $0.lookUps[lookUp.host] = nil }
            lookUp.answer.fulfill(with: result)
        }
    }

    private func begin() -> LookUp? {
        state.withLock { state in
            let next = state.takeNext()
            if next == nil { state.threads -= 1 }
            return next
        }
    }
}
