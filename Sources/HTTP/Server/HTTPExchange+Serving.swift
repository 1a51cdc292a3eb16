// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// A connection from its first request to its end.
extension HTTPExchange {
    /// Serves the connection, and closes it.
    func serve() async {
        defer { stream.close() }
        counters.connections = 1
        do {
            try await serveRequests()
        } catch let error as HTTPError {
            try? await refuse(error)
        } catch {
            // The connection has failed, or the tasklet was killed: there is nobody to tell.
        }
    }

    private func serveRequests() async throws {
        while try await readHead() {
            guard try await answer() else { return }
        }
        try await flush()
    }

    /// Answers a request, and gets ready for the next; false where there is none.
    @inline(never) private func answer() async throws -> Bool {
        do {
            try await server.handler(self)
            // The handler may have passed over it.
            if hasFailed { throw ConnectionFailed() }
            if case .none = response { throw NoResponse() }
        } catch let error where isHandlers(error) {
            keepsAlive = false
            if case .none = response { try await respond(.internalServerError, "the server has failed\n") }
        }
        let goesOn = try await goesOn()
        if goesOn, keepsAlive { return true }
        try await flush()
        // More may be on its way, such as requests that were pipelined.
        if !goesOn || !input.isEmpty { try await linger() }
        return false
    }

    /// Whether an error is the handler's fault, and not the client's, the connection's, or the tasklet's.
    private func isHandlers(_ error: any Error) -> Bool { !hasFailed && !(error is HTTPError || error is TaskletExit) }

    /// Gets ready for the next request; false where it cannot be found.
    private func goesOn() async throws -> Bool {
        guard case .complete = response else {
            // Cut short: the client must not take it for the whole.
            keepsAlive = false
            return true
        }
        guard try await skipBody() else { return false }
        forgetRequest()
        return true
    }

    @inline(never) private func forgetRequest() {
        input.drop(head?.length ?? 0)
        head = nil
        response = .none
    }

    /// Tells the client what is wrong with its request, where nothing has been told yet, and ends the connection.
    private func refuse(_ error: HTTPError) async throws {
        if case .none = response {
            head = nil
            keepsAlive = false
            body = BodyReading()
            try await respond(error.status, "\(error)\n")
        }
        try await flush()
        try await linger()
    }
}

/// The handler has returned without having responded.
private struct NoResponse: Error {}

/// Nothing can be received or sent any more.
private struct ConnectionFailed: Error {}
