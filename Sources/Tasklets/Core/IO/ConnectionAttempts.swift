// SPDX-License-Identifier: Apache-2.0

/// The attempts of a race to connect.
///
/// Each is a tasklet, and reports to the one that started them. At the end all streams but the winner's are closed,
/// and that ends the attempts in progress.
final class ConnectionAttempts: Sendable {
    private let connect: ConnectionRace.Attempt
    private let state = Guarded(State())

    private struct State {
        /// Those in progress.
        var running = 0
        var streams: [TCPStream] = []
        var winner: TCPStream?
        var failures: [String] = []
        /// How many failures have made the tasklet that started the attempts go on.
        var seenFailures = 0
        /// Fulfilled by the next report.
        var news = OneShot<Void>()
    }

    init(_ connect: @escaping ConnectionRace.Attempt) { self.connect = connect }

    /// What each failed attempt said.
    var failures: [String] { state.withLock { $0.failures } }

    /// Makes an attempt in the calling tasklet; nil where it has failed.
    func makeOnly(to address: NetworkAddress, until deadline: Deadline) async throws -> TCPStream? {
        guard let stream = try open(address) else { return nil }
        guard let failure = try await connect(stream, deadline) else { return stream }
        state.withLock { $0.failures.append(failure) }
        return nil
    }

    /// Starts an attempt in a tasklet of its own.
    ///
    /// Throws a shortage, of descriptors or threads, unless other attempts are in progress.
    func start(_ address: NetworkAddress) throws {
        guard let stream = try open(address) else { return }
        state.withLock { $0.running += 1 }
        do {
            try Tasklet.spawnOrThrow("connect") { [self] in await attempt(stream) }
        } catch {
            state.withLock { $0.running -= 1 }
            try note(error)
        }
    }

    private func open(_ address: NetworkAddress) throws -> TCPStream? {
        do {
            let stream = try TCPStream(to: address)
            state.withLock { $0.streams.append(stream) }
            return stream
        } catch {
            try note(error)
            return nil
        }
    }

    /// An attempt that cannot be made.
    ///
    /// Another address needs a descriptor, and a thread, as well; but an attempt in progress has them.
    private func note(_ error: any Error) throws {
        let isAlone = state.withLock { state in
            state.failures.append("\(error)")
            return state.running == 0
        }
        if isAlone, (error as? SchedulerError)?.isShortage == true { throw error }
    }

    private func attempt(_ stream: TCPStream) async {
        do {
            let failure = try await connect(stream, .never)
            report(stream, failure)
        } catch {
            // The attempt was killed.
            report(stream, "\(error)")
        }
    }

    private func report(_ stream: TCPStream, _ failure: String?) {
        let news = state.withLock { state in
            state.running -= 1
            if let failure { state.failures.append(failure) } else { state.winner = state.winner ?? stream }
            defer { state.news = OneShot() }
            return state.news
        }
        news.fulfill(())
    }

    /// Waits until an attempt has connected, and returns its stream; nil when none is in progress any more, when that
    /// is so by then, or, if so wanted, as soon as one has failed.
    func winner(until deadline: Deadline, orFailure: Bool) async throws -> TCPStream? {
        while true {
            let (winner, news) = state.withLock { state in
                let hasFailed = state.failures.count > state.seenFailures
                state.seenFailures = state.failures.count
                let isOver = state.winner != nil || state.running == 0 || orFailure && hasFailed
                return (state.winner, isOver ? nil : state.news)
            }
            guard let news else { return winner }
            guard try await news.result(until: deadline) != nil else { return state.withLock { $0.winner } }
        }
    }

    func close(except winner: TCPStream?) {
        let streams = state.withLock { $0.streams }
        for stream in streams where stream !== winner { stream.close() }
    }
}
