// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// The life of a connection, from its first request until it closes.
extension HTTPExchange {
    /// Serves the connection and closes it.
    func serve() async {
        defer { stream.close() }
        counters.connections = 1
        do {
            try await serveRequests()
        } catch let error as HTTPError {
            try? await refuse(error)
        } catch {
            // The connection failed or the tasklet was killed: nobody is left to tell.
        }
    }

    private func serveRequests() async throws {
        while try await readHead() {
            guard try await answer() else { return }
        }
        try await flush()
    }

    /// Answers one request; false if the connection must end.
    @inline(never) private func answer() async throws -> Bool {
        if !output.isEmpty, !mayHold || !holdReplies() { try await flush() }
        do {
            try await Self.invoke(server.handler, on: self)
            // The handler may have swallowed the error.
            if hasFailed || isAbandoned { throw ConnectionFailed() }
            if case .none = response { throw NoResponse() }
        } catch let error where isHandlerFault(error) {
            keepsAlive = false
            responseFields = []
            if case .none = response { try await respond(.internalServerError, "internal server error\n") }
        }
        let canContinue = try await canContinue()
        if canContinue, keepsAlive { return true }
        try await flush()
        // More may be in flight, such as pipelined requests.
        if !canContinue || !input.isEmpty { try await linger() }
        return false
    }

    /// Has the handler answer.
    ///
    /// Does nothing after the call, so that the compiler need not restore the executor after it, as it would after the
    /// call of any closure: there the runtime takes a lock, and this function takes less. It sees that in a static
    /// function only.
    @inline(never) private static func invoke(
        _ handler: @Sendable (HTTPExchange) async throws -> Void,
        on exchange: HTTPExchange
    ) async throws {
        try await handler(exchange)
    }

    /// Whether the replies are few enough to be held back.
    private var mayHold: Bool { (held?.count ?? 0) + output.count <= Self.flushThreshold }

    /// Whether an error is the handler's fault, rather than the client's, the connection's or a kill's.
    private func isHandlerFault(_ error: any Error) -> Bool {
        !hasFailed && !isAbandoned && !(error is HTTPError || error is TaskletExit)
    }

    /// Whether the handler has given the request up, because the client has gone.
    private var isAbandoned: Bool {
        if case .none = response { isClientKnownGone } else { false }
    }

    /// Keeps the replies to earlier requests, so that they are sent with the next one unless that takes long; false if
    /// they must be sent now.
    @inline(never) private func holdReplies() -> Bool {
        let held = held ?? HeldReplies(stream)
        self.held = held
        do {
            try held.hold(output.bytes)
            output.removeAll()
            return true
        } catch {
            // The output still has them.
            _ = held.takeBack()
            return false
        }
    }

    /// Prepares for the next request; false if it cannot be found.
    @inline(__always) private func canContinue() async throws -> Bool {
        guard case .complete = response else {
            // Closing tells the client that the response is incomplete.
            keepsAlive = false
            return true
        }
        if !body.isComplete { guard try await skipBody() else { return false } }
        forgetRequest()
        return true
    }

    @inline(never) private func forgetRequest() {
        input.drop((head?.length ?? 0) + body.consumed)
        head = nil
        response = .none
        responseFields = []
    }

    /// Responds to a bad request, unless a response has begun, and ends the connection.
    private func refuse(_ error: HTTPError) async throws {
        if case .none = response {
            head = nil
            keepsAlive = false
            responseFields = []
            body = BodyProgress()
            try await respond(error.status, "\(error)\n")
        }
        try await flush()
        try await linger()
    }
}

/// The handler returned without a response.
private struct NoResponse: Error {}

/// The connection can no longer receive or send.
private struct ConnectionFailed: Error {}
