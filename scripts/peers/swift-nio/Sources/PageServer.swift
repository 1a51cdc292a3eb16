// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// Serves one page over HTTP.
struct PageServer: Workload {
    private let loop: any EventLoop

    init(_ loop: any EventLoop, _: [String: Int]) { self.loop = loop }

    func listen() throws -> Int {
        try startServer(on: loop) { pipeline in
            try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
            try pipeline.addHandler(PageHandler())
        }.wait()
    }
}

private final class PageHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let page = ByteBuffer(string: "Hello, world!\n")
    private var request = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): request = head
        case .body: break
        case .end: reply(to: request, with: request.uri == "/" ? page : nil, in: context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

extension ChannelInboundHandler where OutboundOut == HTTPServerResponsePart {
    /// Replies with a text; without one, with the status 404.
    func reply(to request: HTTPRequestHead, with text: ByteBuffer?, in context: ChannelHandlerContext) {
        var headers = HTTPHeaders()
        headers.add(name: "Content-Length", value: "\(text?.readableBytes ?? 0)")
        let head = HTTPResponseHead(version: .http1_1, status: text == nil ? .notFound : .ok, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let text { context.write(wrapOutboundOut(.body(.byteBuffer(text))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if !request.isKeepAlive { context.close(promise: nil) }
    }
}
