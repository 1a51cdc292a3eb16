// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix

/// Requests numbers from one server, over connections that are kept for the next request.
///
/// It belongs to one event loop, on which everything is called.
final class Client {
    private let port: Int
    private let loop: any EventLoop
    private var idle: [ClientHandler] = []

    init(port: Int, on loop: any EventLoop) {
        self.port = port
        self.loop = loop
    }

    /// Requests a number.
    func get(_ number: UInt64) -> EventLoopFuture<UInt64> {
        let promise = loop.makePromise(of: UInt64.self)
        if let connection = idle.popLast() {
            connection.send(number, promise)
        } else {
            connect().assumeIsolated().whenComplete { result in
                switch result {
                case .success(let connection): connection.value.send(number, promise)
                case .failure(let error): promise.fail(error)
                }
            }
        }
        return promise.futureResult
    }

    private func connect() -> EventLoopFuture<NIOLoopBound<ClientHandler>> {
        let connection = ClientHandler { [unowned self] in idle.append($0) }
        let handler = NIOLoopBound(connection, eventLoop: loop)
        return ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .map { _ in handler }
    }
}

/// A connection, with at most one request at a time.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let keep: (ClientHandler) -> Void
    private var context: ChannelHandlerContext?
    private var promise: EventLoopPromise<UInt64>?
    private var text = ""

    /// - Parameter keep: called after each reply, when the next request may be sent.
    init(whenIdle keep: @escaping (ClientHandler) -> Void) { self.keep = keep }

    func send(_ number: UInt64, _ promise: EventLoopPromise<UInt64>) {
        guard let context, context.channel.isActive else { return promise.fail(ChannelError.ioOnClosedChannel) }
        self.promise = promise
        let headers: HTTPHeaders = ["Host": "127.0.0.1"]
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/\(number)", headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        finish { $0.fail(ChannelError.eof) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: text = ""
        case .body(let part): text += String(buffer: part)
        case .end:
            keep(self)
            finish { promise in UInt64(text).map(promise.succeed) ?? promise.fail(ChannelError.inputClosed) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish { $0.fail(error) }
        context.close(promise: nil)
    }

    private func finish(_ complete: (EventLoopPromise<UInt64>) -> Void) {
        guard let promise else { return }
        self.promise = nil
        complete(promise)
    }
}
