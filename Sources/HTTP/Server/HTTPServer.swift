// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
public import Tasklets

/// An HTTP/1.1 server: a tasklet for each connection, which reads requests and writes responses one after another, in
/// straight-line code.
///
/// It keeps connections alive, answers pipelined requests in order and with as few writes as that allows, and refuses
/// what RFC 9112 refuses. It runs under any scheduler.
public final class HTTPServer: Sendable {
    let options: HTTPServerOptions
    let handler: @Sendable (HTTPExchange) async throws -> Void
    private let state = Mutex(State())
    private let stopping = Atomic<Bool>(false)

    private struct State {
        var listener: TCPListener?
        var connections: [ObjectIdentifier: HTTPExchange] = [:]
        var counters = HTTPServerCounters()
        /// What the tasklet that serves waits for: the end of a connection, or ``HTTPServer/stop()``.
        var change: OneShot<Void>?

        mutating func nextChange() -> OneShot<Void> {
            let next = OneShot<Void>()
            change = next
            return next
        }
    }

    /// Makes a server.
    ///
    /// - Parameter handler: called once for each request, in the connection's tasklet, and expected to respond. What it
    ///   throws is answered with 500, where nothing has been answered yet; then the connection is closed.
    public init(
        _ options: HTTPServerOptions = HTTPServerOptions(),
        handler: @escaping @Sendable (HTTPExchange) async throws -> Void
    ) {
        self.options = options
        self.handler = handler
    }

    /// Accepts connections until ``stop()`` is called, and returns when the last of them has ended.
    ///
    /// Where a connection cannot have a tasklet, because that would need a thread and none is to be had, it is closed, and
    /// accepting pauses, for as long as ``TCPListener/accept()`` does where there is no descriptor. To be called once.
    ///
    /// - Throws: what ``TCPListener/accept()`` throws otherwise; or what was thrown into the calling tasklet. The
    ///   connections end then, too.
    public func serve(_ listener: TCPListener) async throws {
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
                try await waitForChanges { $0.connections.count >= options.connections && !isStopping }
                if start(enter(try await listener.accept())) {
                    pause = AcceptPause()
                } else {
                    try await waitForChanges(until: .now + pause.grow()) { _ in !isStopping }
                }
            }
        } catch {
            return isStopping ? nil : error
        }
    }

    /// Starts the tasklet that serves a connection; where there is none to be had, closes that, and returns false.
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

    // MARK: The connections

    /// Makes its exchange; it counts as a connection from here on.
    private func enter(_ stream: TCPStream) -> HTTPExchange {
        let exchange = HTTPExchange(stream, self)
        state.withLock { $0.connections[ObjectIdentifier(exchange)] = exchange }
        return exchange
    }

    @inline(never) private func hasBegun(_ exchange: HTTPExchange) {
        state.withLock { _ in exchange.tasklet = .current }
    }

    @inline(never) private func leave(_ exchange: HTTPExchange) {
        let change = state.withLock { state in
            state.connections[ObjectIdentifier(exchange)] = nil
            state.counters += exchange.counters
            exchange.tasklet = nil
            return state.change.take()
        }
        change?.fulfill(())
    }

    /// Returns true when the condition holds no more, and false at the deadline; looks again after each change.
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

    /// Ends it gracefully.
    ///
    /// No more connections are accepted, idle ones are closed, and requests that are being answered have
    /// ``HTTPServerOptions/grace`` to end. After that their connections are closed, and their tasklets killed.
    ///
    /// From any thread. May be called again.
    public func stop() {
        // Before it looks at who is idle; a connection says that it is idle before it looks at this.
        stopping.store(true, ordering: .sequentiallyConsistent)
        let (listener, change) = state.withLock { ($0.listener, $0.change.take()) }
        listener?.close()
        change?.fulfill(())
        for exchange in exchanges where exchange.isIdle { exchange.stream.close() }
    }

    /// Gives the connections that are left the time of grace, and then ends them.
    private func endConnections() async throws {
        let hasSome = { (state: borrowing State) in !state.connections.isEmpty }
        if try await waitForChanges(until: .now + options.grace, while: hasSome) { return }
        for exchange in exchanges {
            exchange.stream.close()
            // The handler may wait for something else. One that has not begun would never end if it were killed.
            try await state.withLock({ _ in exchange.tasklet })?.kill(pending: true)
        }
        try await waitForChanges(while: hasSome)
    }

    var isStopping: Bool { stopping.load(ordering: .sequentiallyConsistent) }

    private var exchanges: [HTTPExchange] { state.withLock { Array($0.connections.values) } }

    /// What it has done.
    public var counters: HTTPServerCounters { state.withLock { $0.counters } }
}
