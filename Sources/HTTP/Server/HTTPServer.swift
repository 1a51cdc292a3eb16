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
    private let ended = OneShot<Void>()

    private struct State {
        var listener: TCPListener?
        var connections: [ObjectIdentifier: HTTPExchange] = [:]
        /// Those accepted and not ended, be they among the connections yet or not.
        var live = 0
        /// No more will be accepted, and somebody waits for the last to end.
        var isEnding = false
        var counters = HTTPServerCounters()
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
    /// - Throws: what ``TCPListener/accept()`` throws otherwise; or what was thrown into the calling tasklet. The
    ///   connections end then, too.
    public func serve(_ listener: TCPListener) async throws {
        // A token is put into the channel for each connection, which takes one out in the end.
        let places = Channel<Void>("places", capacity: options.connections)
        state.withLock { $0.listener = listener }
        if isStopping { listener.close() }
        let failure = await accept(from: listener, places)
        stop()
        try await waitForLast()
        if let failure { throw failure }
    }

    private func accept(from listener: TCPListener, _ places: Channel<Void>) async -> (any Error)? {
        do {
            while true {
                try await places.send(())
                let stream = try await listener.accept()
                state.withLock { $0.live += 1 }
                Tasklet.spawn("connection") { await self.serve(stream, places) }
            }
        } catch {
            return isStopping ? nil : error
        }
    }

    private func serve(_ stream: TCPStream, _ places: Channel<Void>) async {
        let exchange = enter(stream)
        await exchange.serve()
        leave(exchange)
        // There is a token in it: this does not wait.
        _ = try? await places.receive()
    }

    @inline(never) private func enter(_ stream: TCPStream) -> HTTPExchange {
        let exchange = HTTPExchange(stream, self)
        state.withLock { $0.connections[ObjectIdentifier(exchange)] = exchange }
        return exchange
    }

    @inline(never) private func leave(_ exchange: HTTPExchange) {
        let isLast = state.withLock { state in
            state.connections[ObjectIdentifier(exchange)] = nil
            state.counters += exchange.counters
            state.live -= 1
            return state.isEnding && state.live == 0
        }
        if isLast { ended.fulfill(()) }
    }

    /// Waits until the last connection has ended, which those are made to whose grace is over.
    private func waitForLast() async throws {
        let isOver = state.withLock { state in
            state.isEnding = true
            return state.live == 0
        }
        if isOver { return }
        if try await ended.value(until: .now + options.grace) != nil { return }
        closeConnections { _ in true }
        try await ended.value()
    }

    // MARK: Stopping

    /// Ends it gracefully: no more connections are accepted, idle ones are closed, and requests that are being answered
    /// have ``HTTPServerOptions/grace`` to end.
    ///
    /// From any thread. May be called again.
    public func stop() {
        // Before it looks at who is idle; a connection says that it is idle before it looks at this.
        stopping.store(true, ordering: .sequentiallyConsistent)
        state.withLock { $0.listener }?.close()
        closeConnections(where: \.isIdle)
    }

    var isStopping: Bool { stopping.load(ordering: .sequentiallyConsistent) }

    private func closeConnections(where isMeant: (HTTPExchange) -> Bool) {
        for connection in state.withLock({ Array($0.connections.values) }) where isMeant(connection) {
            connection.stream.close()
        }
    }

    /// What it has done.
    public var counters: HTTPServerCounters { state.withLock { $0.counters } }
}
