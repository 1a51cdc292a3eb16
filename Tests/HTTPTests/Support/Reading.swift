// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

/// Parses a client's bytes, in one piece.
func receiveRequests(_ text: String, limits: HTTPLimits = HTTPLimits()) -> Outcome {
    receiveRequests([Array(text.utf8)], limits: limits)
}

/// Parses a client's bytes, in pieces.
func receiveRequests(_ pieces: [[UInt8]], limits: HTTPLimits = HTTPLimits()) -> Outcome {
    Receiver.receive(pieces, [RequestParser(limits: limits)], limits: limits)
}

/// Parses a server's responses to requests with these methods, in one piece.
func receiveResponses(_ text: String, to methods: HTTPMethod..., limits: HTTPLimits = HTTPLimits()) -> Outcome {
    receiveResponses([Array(text.utf8)], to: methods, limits: limits)
}

/// Parses a server's responses to requests with these methods, in pieces.
func receiveResponses(_ pieces: [[UInt8]], to methods: [HTTPMethod], limits: HTTPLimits = HTTPLimits()) -> Outcome {
    Receiver.receive(pieces, methods.map { ResponseParser(to: $0, limits: limits) }, limits: limits)
}

/// Parses a complete request, and returns its head.
func parseRequest(_ text: String, limits: HTTPLimits = HTTPLimits()) throws -> RequestHead {
    var parser = RequestParser(limits: limits)
    return try #require(try parser.parse(Array(text.utf8).span.bytes))
}

/// Parses the head of a complete response, to a GET by default.
func parseResponse(_ text: String, to method: HTTPMethod = .get) throws -> ResponseHead {
    var parser = ResponseParser(to: method)
    return try #require(try parser.parse(Array(text.utf8).span.bytes))
}
