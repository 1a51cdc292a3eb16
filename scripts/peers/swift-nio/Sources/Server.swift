// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix

/// Listens on a port of 127.0.0.1; returns a future of the port.
///
/// - Parameter addHandlers: adds the handlers of a connection to its pipeline.
func startServer(
    on loop: any EventLoop,
    _ addHandlers: @escaping @Sendable (ChannelPipeline.SynchronousOperations) throws -> Void
) -> EventLoopFuture<Int> {
    ServerBootstrap(group: loop)
        .serverChannelOption(.backlog, value: 1_024)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try addHandlers(channel.pipeline.syncOperations) }
        }
        .bind(host: "127.0.0.1", port: 0)
        .map { $0.localAddress?.port ?? 0 }
}

/// Sends back what comes, and runs hogs beside that.
struct EchoServer: Workload {
    private let loop: any EventLoop
    private let hogs: Int
    private let work: Int64

    init(_ loop: any EventLoop, _ parameters: [String: Int]) {
        self.loop = loop
        hogs = parameters["hogs"] ?? 0
        work = Int64(parameters["work"] ?? 0)
    }

    func listen() throws -> Int {
        try startServer(on: loop) { try $0.addHandler(EchoHandler()) }.wait()
    }

    func run(_ times: Int) throws -> Answer {
        let begin = NIODeadline.now()
        var finished = 0
        for _ in 0..<times {
            let tasks = (0..<hogs).map { [work] _ in self.loop.submit { computes(for: .milliseconds(work)) } }
            finished = try EventLoopFuture.whenAllSucceed(tasks, on: loop).wait().count(where: \.self)
        }
        return [("nanoseconds", "\((NIODeadline.now() - begin).nanoseconds)"), ("answer", "\(finished)")]
    }
}

private final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.write(data, promise: nil) }

    func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Computes for a time; returns whether it did what it computed.
private func computes(for time: TimeAmount) -> Bool {
    let end = NIODeadline.now() + time
    var state: UInt64 = 1
    var steps = 0
    var rounds = 0
    repeat {
        for _ in 0..<1_000 {
            state = splitMix64(state)
            // Always adds 1, which the compiler cannot prove.
            steps += 1 | Int(state >> 63)
        }
        rounds += 1
    } while NIODeadline.now() < end
    return steps == rounds * 1_000
}
