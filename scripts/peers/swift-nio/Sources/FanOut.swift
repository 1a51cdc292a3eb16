// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import NIOHTTP1

/// A front end that asks several back ends, all on one event loop.
struct FanOut: Workload {
    private let loop: any EventLoop
    private let width: UInt64
    private let delay: Int

    init(_ loop: any EventLoop, _ parameters: [String: Int]) {
        self.loop = loop
        width = UInt64(parameters["fan-out"] ?? 1)
        delay = parameters["delay"] ?? 0
    }

    func listen() throws -> Int {
        let ports = try (0..<width).map { try back($0).wait() }
        return try loop.flatSubmit { [loop] in front(ports, on: loop) }.wait()
    }

    /// A server that waits, and replies with a number.
    private func back(_ number: UInt64) -> EventLoopFuture<Int> {
        serveNumbers(on: loop) { [loop, delay] request in
            loop.scheduleTask(in: delayOf(request, number, mean: delay)) { replyOf(request, number) }.futureResult
        }
    }
}

/// A server that asks all back ends at once, and replies with the sum.
private func front(_ ports: [Int], on loop: any EventLoop) -> EventLoopFuture<Int> {
    // Both are used on this event loop only.
    let clients = NIOLoopBound(ports.map { Client(port: $0, on: loop) }, eventLoop: loop)
    return serveNumbers(on: loop) { request in
        EventLoopFuture.reduce(0, clients.value.map { $0.get(request) }, on: loop) { $0 &+ $1 }
    }
}

/// A server of numbers, each for the request of a number.
private func serveNumbers(
    on loop: any EventLoop,
    _ compute: @escaping @Sendable (UInt64) -> EventLoopFuture<UInt64>
) -> EventLoopFuture<Int> {
    startServer(on: loop) { pipeline in
        try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
        try pipeline.addHandler(NumberHandler(compute))
    }
}

private final class NumberHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let compute: (UInt64) -> EventLoopFuture<UInt64>
    private var request = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")

    init(_ compute: @escaping (UInt64) -> EventLoopFuture<UInt64>) { self.compute = compute }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): request = head
        case .body: break
        case .end: compute(request, in: context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// Replies when the number is there; until then, no other request arrives, for the pipeline holds it back.
    private func compute(_ request: HTTPRequestHead, in context: ChannelHandlerContext) {
        guard let number = UInt64(request.uri.dropFirst()) else { return reply(to: request, with: nil, in: context) }
        compute(number).assumeIsolated().whenComplete { result in
            guard context.channel.isActive else { return }
            switch result {
            case .success(let number): self.reply(to: request, with: ByteBuffer(string: "\(number)"), in: context)
            case .failure: context.close(promise: nil)
            }
        }
    }
}

/// What a back end replies to a request.
private func replyOf(_ request: UInt64, _ back: UInt64) -> UInt64 { splitMix64(request << 16 | back) >> 8 }

/// How long it waits before, with a mean in microseconds.
private func delayOf(_ request: UInt64, _ back: UInt64, mean: Int) -> TimeAmount {
    let share = Double(splitMix64(request << 16 | back | 1 << 62) >> 11) / Double(1 << 53)
    return .nanoseconds(Int64(Double(mean) * 1_000 * min(8, -log(1 - share))))
}
