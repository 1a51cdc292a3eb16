// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import Testing

/// What a handler can only do by mistake stops the process, with a sentence.
@Suite struct `Mistakes of handlers` {
    @Test func `A body that is longer than was announced`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try answer { exchange in
                try await exchange.beginResponse(.ok, length: 6)
                try await exchange.write("Hello")
                try await exchange.write(", world")
            }
        }
        #expect(try text(of: result).contains("1 bytes are left of it, and 7 were written"))
    }

    @Test func `A body after it has ended, short of its length`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try answer { exchange in
                try await exchange.beginResponse(.ok, length: 6)
                try await exchange.endResponse()
                try await exchange.write("Hello")
            }
        }
        #expect(try text(of: result).contains("between beginResponse and endResponse"))
    }

    private func text(of result: ExitTest.Result?) throws -> String {
        String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    }
}

/// Has a handler answer one request.
private func answer(_ handler: @escaping Setting.Handler) throws {
    _ = try Setting.all[0].serve(handler: handler) { try await $0.talk("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
}
