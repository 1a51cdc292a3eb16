// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets

/// The routes of `bench serve`.
struct Routes: Sendable {
    private let fanOut: FanOut
    /// How long a handler waits before it looks whether its client has gone.
    private static let patience = Duration.seconds(1)
    private static let greeting = "Hello, world!\n"
    /// Repetitions of the alphabet; a multiple of 26 bytes, so that pieces continue each other.
    // SAFETY: the process owns the memory, initializes it before first use and never writes or frees it afterwards.
    private nonisolated(unsafe) static let piece: UnsafeRawBufferPointer = {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 26 << 10, alignment: 1)
        for index in piece.indices { piece[index] = UInt8(ascii: "a") + UInt8(index % 26) }
        return UnsafeRawBufferPointer(piece)
    }()

    /// Makes the routes of the server at that URL, which has no path; called in a tasklet.
    ///
    /// - Parameter places: how many fan-outs, and requests of theirs, are in progress at a time.
    init(root: String, _ places: Places) async throws {
        fanOut = try await FanOut(url: "\(root)/", expecting: Self.greeting, places)
    }

    func answer(_ exchange: HTTPExchange) async throws {
        if exchange.asks(.get, for: "/") || exchange.asks(.head, for: "/") {
            try await exchange.respond(.ok, Self.greeting)
        } else {
            try await answerOther(exchange)
        }
    }

    // A separate function, so that a connection that only requests / does not pay for its frame.
    @inline(never) private func answerOther(_ exchange: HTTPExchange) async throws {
        let parts = Array(exchange.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst())
        switch (exchange.method, parts.first, parts.count) {
        case ("POST", "echo", 1): try await echo(exchange)
        case ("GET", "bytes", 2), ("HEAD", "bytes", 2): try await bytes(exchange, parts[1])
        case ("GET", "delay", 2): try await delay(exchange, parts[1])
        case ("GET", "fan-out", 2): try await fanOut(exchange, parts[1])
        case (_, "", 1), (_, "bytes", 2): try await refuseMethod(exchange, allowed: "GET, HEAD")
        case (_, "delay", 2), (_, "fan-out", 2): try await refuseMethod(exchange, allowed: "GET")
        case (_, "echo", 1): try await refuseMethod(exchange, allowed: "POST")
        default: try await exchange.respond(.notFound, "the routes are /, /bytes/N, /delay/MS, /echo and /fan-out/N\n")
        }
    }

    private func refuseMethod(_ exchange: HTTPExchange, allowed: String) async throws {
        try exchange.addResponseField("Allow", allowed)
        try await exchange.respond(.methodNotAllowed, "this method is not allowed here\n")
    }

    private func echo(_ exchange: HTTPExchange) async throws {
        let type = exchange.field("content-type") ?? "application/octet-stream"
        // Reads before responding: a client that expects 100 Continue sends its body only then.
        var part = try await exchange.nextBodyPart()
        try await exchange.beginResponse(.ok, contentType: type)
        while let bytes = part {
            try await exchange.write(bytes)
            part = try await exchange.nextBodyPart()
        }
        try await exchange.endResponse()
    }

    private func bytes(_ exchange: HTTPExchange, _ text: Substring) async throws {
        guard let count = try await number(text, in: 0...1 << 26, exchange) else { return }
        try await exchange.beginResponse(.ok, length: count)
        for offset in stride(from: 0, to: count, by: Self.piece.count) {
            let size = min(Self.piece.count, count - offset)
            try await exchange.write(UnsafeRawBufferPointer(rebasing: Self.piece[..<size]))
        }
        try await exchange.endResponse()
    }

    private func delay(_ exchange: HTTPExchange, _ text: Substring) async throws {
        guard let milliseconds = try await number(text, in: 0...60_000, exchange) else { return }
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while .now < end {
            if exchange.isClientGone() { return }
            try await Tasklet.sleep(until: min(end, .now + Self.patience))
        }
        try await exchange.respond(.ok, "after \(milliseconds) ms\n")
    }

    /// Requests / from this server concurrently, and replies when all replies have arrived.
    private func fanOut(_ exchange: HTTPExchange, _ text: Substring) async throws {
        guard let count = try await number(text, in: 0...1_000, exchange) else { return }
        guard fanOut.begin() else {
            return try await exchange.respond(.serviceUnavailable, "too many fan-outs are in progress\n")
        }
        defer { fanOut.end() }
        guard let right = try await fanOut.request(count, unless: { exchange.isClientGone() }) else { return }
        try await exchange.respond(right == count ? .ok : .badGateway, "\(right) of \(count) answered\n")
    }

    private func number(
        _ text: Substring,
        in range: ClosedRange<Int>,
        _ exchange: HTTPExchange
    ) async throws -> Int? {
        let isInDigits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        if isInDigits, let number = Int(text), range.contains(number) { return number }
        let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        try await exchange.respond(.badRequest, "'\(text)' is not \(allowed)\n")
        return nil
    }
}
