// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import Testing

/// Misuse by a handler stops the process with a message.
@Suite struct `Misuse by handlers` {
    @Test func `Writing more than the announced length`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try answer { exchange in
                try await exchange.beginResponse(.ok, length: 6)
                try await exchange.write("Hello")
                try await exchange.write(", world")
            }
        }
        #expect(try text(of: result).contains("wrote 7 bytes of body, but only 1 of the announced length are left"))
    }

    @Test func `Writing after the end of a body that is too short`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try answer { exchange in
                try await exchange.beginResponse(.ok, length: 6)
                try await exchange.endResponse()
                try await exchange.write("Hello")
            }
        }
        #expect(try text(of: result).contains("outside beginResponse and endResponse"))
    }

    private func text(of result: ExitTest.Result?) throws -> String {
        String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    }
}

/// Runs a handler on one request.
private func answer(_ handler: @escaping Configuration.Handler) throws {
    _ = try Configuration.all[0].serve(handler: handler) { try await $0.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
}
