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
            try await answer()
            guard try await goesOn() else {
                try await flush()
                return try await linger()
            }
            guard keepsAlive else { return try await flush() }
        }
        try await flush()
    }

    private func answer() async throws {
        do {
            try await server.handler(self)
            if case .none = response { throw NoResponse() }
        } catch let error where Self.isHandlers(error) {
            keepsAlive = false
            if case .none = response { try await respond(.internalServerError, "the server has failed\n") }
        }
    }

    /// Whether an error is the handler's fault, and not the client's, or the tasklet's.
    private static func isHandlers(_ error: any Error) -> Bool { !(error is HTTPError || error is TaskletExit) }

    /// Gets ready for the next request; false where it cannot be found.
    private func goesOn() async throws -> Bool {
        guard case .complete = response else {
            // Cut short: the client must not take it for the whole.
            keepsAlive = false
            return true
        }
        guard try await skipBody(), let head else { return false }
        input.drop(head.length)
        self.head = nil
        response = .none
        return true
    }

    /// Tells the client what is wrong with its request, where nothing has been told yet, and ends the connection.
    private func refuse(_ error: HTTPError) async throws {
        guard case .none = response else { return }
        head = nil
        keepsAlive = false
        body = BodyReading()
        try await respond(error.status, "\(error)\n")
        try await flush()
        try await linger()
    }
}

/// The handler has returned without having responded.
private struct NoResponse: Error {}
