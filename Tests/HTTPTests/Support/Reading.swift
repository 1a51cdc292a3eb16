// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

/// Reads what a client sent, in one piece.
func receiveRequests(_ text: String, limits: HTTPLimits = HTTPLimits()) -> Outcome {
    receiveRequests([Array(text.utf8)], limits: limits)
}

/// Reads what a client sent, in pieces.
func receiveRequests(_ pieces: [[UInt8]], limits: HTTPLimits = HTTPLimits()) -> Outcome {
    Receiver.receive(pieces, [RequestParser(limits: limits)], limits: limits)
}

/// Reads what a server answered to requests of these methods, in one piece.
func receiveResponses(_ text: String, to methods: HTTPMethod..., limits: HTTPLimits = HTTPLimits()) -> Outcome {
    receiveResponses([Array(text.utf8)], to: methods, limits: limits)
}

/// Reads what a server answered to requests of these methods, in pieces.
func receiveResponses(_ pieces: [[UInt8]], to methods: [HTTPMethod], limits: HTTPLimits = HTTPLimits()) -> Outcome {
    Receiver.receive(pieces, methods.map { ResponseParser(to: $0, limits: limits) }, limits: limits)
}

/// Reads one whole request, and its head.
func parseRequest(_ text: String, limits: HTTPLimits = HTTPLimits()) throws -> RequestHead {
    var parser = RequestParser(limits: limits)
    return try #require(try parser.parse(Array(text.utf8).span.bytes))
}

/// Reads the head of one whole response to a GET, or another method.
func parseResponse(_ text: String, to method: HTTPMethod = .get) throws -> ResponseHead {
    var parser = ResponseParser(to: method)
    return try #require(try parser.parse(Array(text.utf8).span.bytes))
}
