// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
public import Tasklets

/// An HTTP/1.1 server with one tasklet per connection, which reads requests and writes responses in straight-line code.
///
/// It keeps connections alive, answers pipelined requests in order and in batches, and rejects what RFC 9112 rejects.
/// It runs under any scheduler.
public final class HTTPServer: Sendable {
    let options: HTTPServerOptions
    let handler: @Sendable (HTTPExchange) async throws -> Void
    private let state = Guarded(State())
    private let stopping = Atomic<Bool>(false)
    /// Whether a connection waits for a place.
    private let wantsPlace = Atomic<Bool>(false)
    /// Numbers connections in the order in which they become idle.
    private let idleNumbers = Atomic<UInt64>(0)

    private struct State {
        var listener: TCPListener?
        var connections = Connections()
        var counters = HTTPServerCounters()
        /// What the serving tasklet waits for: the end of a connection, one that becomes idle while another waits for
        /// a place, or ``HTTPServer/stop()``.
        var change: OneShot<Void>?

        mutating func nextChange() -> OneShot<Void> {
            let next = OneShot<Void>()
            change = next
            return next
        }
    }

    /// Creates a server.
    ///
    /// - Parameters:
    ///   - options: the server's limits.
    ///   - handler: runs once per request in the connection's tasklet, and must respond. If it throws or returns
    ///     without a response, the client gets status 500, or the status of the ``HTTPError`` that it threw, and the
    ///     connection closes. Nothing is sent where it was killed, or where the client is gone.
    public init(
        _ options: HTTPServerOptions = HTTPServerOptions(),
        handler: @escaping @Sendable (HTTPExchange) async throws -> Void
    ) {
        self.options = options
        self.handler = handler
    }

    /// Accepts and serves connections until ``stop()`` is called, and returns when the last one has ended.
    ///
    /// If no tasklet can be started for a connection because the process is out of threads, the connection is closed
    /// and accepting pauses, as it does in `TCPListener.accept()` when the process is out of descriptors. Call it only
    /// once.
    ///
    /// - Throws: any other error of `TCPListener.accept()`, or the error thrown into the calling tasklet. Either also
    ///   ends the connections.
    public func serve(_ listener: TCPListener) async throws {
        // Connections refer to their server.
        defer { state.withLock { $0.connections = Connections() } }
        state.withLock { $0.listener = listener }
        if isStopping { listener.close() }
        let failure = await accept(from: listener)
        stop()
        try await endConnections()
        if let failure { throw failure }
    }

    private func accept(from listener: TCPListener) async -> (any Error)? {
        var pause = AcceptPause()
        do {
            while true {
                let stream = try await listener.accept()
                guard let exchange = try await enter(stream) else {
                    stream.close()
                    continue
                }
                if start(exchange) {
                    pause = AcceptPause()
                } else {
                    try await waitForChanges(until: .now + pause.grow()) { _ in !isStopping }
                }
            }
        } catch {
            return isStopping ? nil : error
        }
    }

    /// Starts the tasklet that serves a connection.
    ///
    /// If none can be started, closes the connection and returns false.
    private func start(_ exchange: HTTPExchange) -> Bool {
        do {
            try Tasklet.spawnOrThrow("connection") { await self.serve(exchange) }
            return true
        } catch {
            leave(exchange)
            exchange.stream.close()
            return false
        }
    }

    private func serve(_ exchange: HTTPExchange) async {
        hasBegun(exchange)
        await exchange.serve()
        leave(exchange)
    }

    // MARK: Connections

    /// Creates the exchange of a connection, which counts as open from here on, once there is a place for it.
    ///
    /// Nil if it must not be served.
    private func enter(_ stream: TCPStream) async throws -> HTTPExchange? {
        let client = options.connectionsPerAddress == nil ? nil : stream.remoteAddress.flatMap { ClientNetwork($0) }
        let limit = max(1, options.connectionsPerAddress ?? .max)
        guard state.withLock({ $0.connections.count(from: client) < limit }) else { return nil }
        try await waitForPlace()
        if isStopping { return nil }
        let exchange = HTTPExchange(stream, from: client, self)
        state.withLock { $0.connections.add(exchange) }
        return exchange
    }

    /// Waits until there is a place for another connection, and asks connections to give theirs, idle ones only, and
    /// the one that has been idle longest first.
    private func waitForPlace() async throws {
        guard state.withLock({ $0.connections.count >= limit }) else { return }
        wantsPlace.store(true, ordering: .sequentiallyConsistent)
        defer { wantsPlace.store(false, ordering: .relaxed) }
        while let (change, idlest) = state.withLock({ placeWait(&$0) }) {
            if let idlest {
                idlest.giveUpPlace()
                // A request came first.
                guard idlest.isIdle else { continue }
            }
            try await change.value()
        }
    }

    private func placeWait(_ state: inout State) -> (change: OneShot<Void>, idlest: HTTPExchange?)? {
        guard state.connections.count >= limit, !isStopping else { return nil }
        return (state.nextChange(), state.connections.chooseToEnd())
    }

    private var limit: Int { max(1, options.connections) }

    /// The number of a connection that becomes idle.
    func nextIdleNumber() -> UInt64 { idleNumbers.add(1, ordering: .relaxed).newValue }

    /// A connection has become idle, or busy although it has to end; another may wait for its place.
    func noteChange() {
        guard wantsPlace.load(ordering: .sequentiallyConsistent) else { return }
        state.withLock { $0.change.take() }?.fulfill(())
    }

    @inline(never) private func hasBegun(_ exchange: HTTPExchange) {
        state.withLock { _ in exchange.tasklet = .current }
    }

    @inline(never) private func leave(_ exchange: HTTPExchange) {
        let change = state.withLock { state in
            state.connections.remove(exchange)
            state.counters += exchange.counters
            exchange.tasklet = nil
            return state.change.take()
        }
        change?.fulfill(())
    }

    /// Waits until the condition no longer holds, rechecking after each change; false if the deadline passes first.
    @discardableResult private func waitForChanges(
        until deadline: ContinuousClock.Instant? = nil,
        while condition: (borrowing State) -> Bool
    ) async throws -> Bool {
        while let change = state.withLock({ condition($0) ? $0.nextChange() : nil }) {
            guard let deadline else {
                try await change.value()
                continue
            }
            guard try await change.value(until: deadline) != nil else { return false }
        }
        return true
    }

    // MARK: Stopping

    /// Stops the server gracefully.
    ///
    /// It accepts no more connections, closes idle ones, and gives requests in progress ``HTTPServerOptions/grace`` to
    /// finish. A request that has arrived at an idle connection by then is answered, too. Responses say that they are
    /// the connection's last. After the grace it closes the connections that are left, and kills their tasklets;
    /// ``serve(_:)`` returns when these have ended, so a handler that catches its death and goes on keeps it waiting.
    ///
    /// Any thread may call this, any number of times.
    public func stop() {
        // This store precedes the search for idle connections; a connection marks itself idle before it loads this
        // flag.
        stopping.store(true, ordering: .sequentiallyConsistent)
        let (listener, change) = state.withLock { ($0.listener, $0.change.take()) }
        listener?.close()
        change?.fulfill(())
        // Its own tasklet closes it: a request may have arrived that this tasklet has not seen yet.
        for exchange in exchanges where exchange.isIdle { exchange.stream.interruptReading() }
    }

    /// Gives the remaining connections their grace, and then ends them.
    private func endConnections() async throws {
        let hasSome = { (state: borrowing State) in !state.connections.isEmpty }
        if try await waitForChanges(until: .now + options.grace, while: hasSome) { return }
        for exchange in exchanges {
            exchange.stream.close()
            // The handler may be parked on something else. The kill is pending: a tasklet killed before its first
            // turn would never end its exchange.
            try await state.withLock({ _ in exchange.tasklet })?.kill(pending: true)
        }
        try await waitForChanges(while: hasSome)
    }

    var isStopping: Bool { stopping.load(ordering: .sequentiallyConsistent) }

    private var exchanges: [HTTPExchange] { state.withLock { $0.connections.all } }

    /// What the server has done so far.
    public var counters: HTTPServerCounters { state.withLock { $0.counters } }
}
