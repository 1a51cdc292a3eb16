// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import TestSupport
import Testing

/// Responses that a handler must not send: an error tells the handler, and the client gets an answer, too.
@Suite struct `Misuse by handlers` {
    private static let internalError = ExpectedResponse.last("internal server error\n", "500 Internal Server Error")

    /// Runs a handler on one request; returns what the client receives, and the error that the handler ended with.
    private func outcome(
        _ configuration: Configuration,
        _ handler: @escaping Configuration.Handler
    ) throws -> (response: String, error: HTTPResponseError?) {
        let thrown = Guarded<HTTPResponseError?>(nil)
        let response = try configuration.serve(
            handler: { exchange in
                do { try await handler(exchange) } catch {
                    thrown.withLock { $0 = error as? HTTPResponseError }
                    throw error
                }
            },
            { try await $0.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
        )
        return (response, thrown.withLock { $0 })
    }

    @Test(arguments: Configuration.all, ["a\rb", "a\nb", "a\r\nSet-Cookie: b", "a\0", "a\u{7F}"])
    func `A content type with a control character is refused`(configuration: Configuration, type: String) throws {
        let whole = try outcome(configuration) { try await $0.respond(.ok, contentType: type, "text") }
        #expect(whole.response == Self.internalError)
        #expect(whole.error == .invalidField("Content-Type"))
        let streamed = try outcome(configuration) { try await $0.beginResponse(.ok, contentType: type) }
        #expect(streamed.response == Self.internalError)
        #expect(streamed.error == .invalidField("Content-Type"))
    }

    @Test(arguments: Configuration.all, [0, 99, 100, 101, 199, 1_000, 65_535] as [HTTPStatus])
    func `A status that is not a final one is refused`(configuration: Configuration, status: HTTPStatus) throws {
        let whole = try outcome(configuration) { try await $0.respond(status, "text") }
        #expect(whole.response == Self.internalError)
        #expect(whole.error == .invalidStatus(status))
        let streamed = try outcome(configuration) { try await $0.beginResponse(status) }
        #expect(streamed.response == Self.internalError)
        #expect(streamed.error == .invalidStatus(status))
    }

    @Test(arguments: Configuration.all, [200, 299, 999] as [HTTPStatus])
    func `Any other status may be sent`(configuration: Configuration, status: HTTPStatus) throws {
        let outcome = try outcome(configuration) { try await $0.respond(status, "text") }
        #expect(outcome.response.hasPrefix("HTTP/1.1 \(status.rawValue) "))
        #expect(outcome.error == nil)
    }

    @Test(arguments: Configuration.all, [-1, Int.min])
    func `A negative length is refused`(configuration: Configuration, length: Int) throws {
        let outcome = try outcome(configuration) { try await $0.beginResponse(.ok, length: length) }
        #expect(outcome.response == Self.internalError)
        #expect(outcome.error == .negativeLength(length))
    }

    @Test(arguments: Configuration.all)
    func `A body that exceeds its announced length is cut before the part that does`(configuration: Configuration)
        throws
    {
        let outcome = try outcome(configuration) { exchange in
            try await exchange.beginResponse(.ok, length: 6)
            try await exchange.write("Hello")
            try await exchange.write(", world")
        }
        #expect(outcome.response == ExpectedResponse.head("200 OK", "Content-Length: 6\r\n") + "Hello")
        #expect(outcome.error == .bodyTooLong(count: 7, left: 1))
    }

    @Test(arguments: Configuration.all)
    func `A second response is refused, and the first is sent`(configuration: Configuration) throws {
        let first = ExpectedResponse.text("first")
        let whole = try outcome(configuration) { exchange in
            try await exchange.respond(.ok, "first")
            try await exchange.respond(.ok, "second")
        }
        #expect(whole.response == first)
        #expect(whole.error == .alreadyBegun)
        let streamed = try outcome(configuration) { exchange in
            try await exchange.respond(.ok, "first")
            try await exchange.beginResponse(.ok)
        }
        #expect(streamed.response == first)
        #expect(streamed.error == .alreadyBegun)
        let within = try outcome(configuration) { exchange in
            try await exchange.beginResponse(.ok, length: 5)
            try await exchange.respond(.ok, "second")
        }
        #expect(within.response == ExpectedResponse.head("200 OK", "Content-Length: 5\r\n"))
        #expect(within.error == .alreadyBegun)
    }

    @Test(arguments: Configuration.all)
    func `A part outside a response is refused`(configuration: Configuration) throws {
        let early = try outcome(configuration) { try await $0.write("text") }
        #expect(early.response == Self.internalError)
        #expect(early.error == .notBegun)
        let ended = try outcome(configuration) { try await $0.endResponse() }
        #expect(ended.response == Self.internalError)
        #expect(ended.error == .notBegun)
        let late = try outcome(configuration) { exchange in
            try await exchange.beginResponse(.ok, length: 6)
            try await exchange.endResponse()
            try await exchange.write("Hello")
        }
        #expect(late.response == ExpectedResponse.head("200 OK", "Content-Length: 6\r\n"))
        #expect(late.error == .notBegun)
    }

    @Test(arguments: Configuration.all)
    func `A handler may catch the error and respond otherwise`(configuration: Configuration) throws {
        let outcome = try outcome(configuration) { exchange in
            do { try await exchange.respond(99, "text") } catch is HTTPResponseError {
                try await exchange.respond(.notFound, "instead")
            }
        }
        #expect(outcome.response == ExpectedResponse.text("instead", "404 Not Found"))
    }

    @Test func `Each error is a sentence that names what was wrong`() {
        #expect("\(HTTPResponseError.invalidStatus(99))".hasPrefix("99 is not the status of a final response"))
        #expect("\(HTTPResponseError.bodyTooLong(count: 7, left: 1))".contains("only 1 of the announced length"))
        #expect("\(HTTPResponseError.invalidField("A"))".contains("'A'"))
    }
}
