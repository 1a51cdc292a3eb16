// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import SchedulerSupport
internal import Tasklets

/// A listener: NIO's server channel, and the connections that it has accepted and no tasklet has taken.
///
/// NIO accepts on while there are fewer than `acceptLimit` of these; the rest waits in the kernel's queue.
final class ListenerChannel: Endpoint, ChannelInboundHandler, @unchecked Sendable {
    // SAFETY: touched on the event loop's thread only, and by `close` when no run is in progress: then the channel is
    // closed already.
    typealias InboundIn = any NIOCore.Channel

    let localPort: Int
    private let reactor: Reactor
    /// The socket, until NIO has it.
    private var descriptor: CInt?
    private var context: ChannelHandlerContext?
    private var isClosed = false
    private var acceptors = WaitQueue()
    private var accepted = CircularBuffer<StreamChannel>()
    private var isReadRequested = false
    /// The negated errno that the next accept ends with.
    private var failure: Int?
    /// No descriptor was left for another connection; NIO does not accept before a tasklet asks again.
    private var isPaused = false

    /// Connections kept beyond which NIO does not accept more.
    private static let acceptLimit = 16

    /// Takes over a listening socket.
    init(_ reactor: Reactor, _ descriptor: CInt) {
        self.reactor = reactor
        self.descriptor = descriptor
        localPort = Int(linux_local_port(descriptor))
    }

    /// Makes a server channel of the socket.
    ///
    /// NIO does so in a task of its own; until then, tasklets that accept wait.
    func start() {
        guard let descriptor else { return }
        reactor.channelOpened()
        ServerBootstrap(group: reactor.eventLoop)
            .serverChannelOption(.autoRead, value: false)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(self) }
            }
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { [reactor] child in
                StreamChannel(reactor) { self.didAccept($0) }.handle(child)
            }
            .withBoundSocket(descriptor)
            .whenComplete { self.didBind($0) }
    }

    private func didBind(_ result: Result<any NIOCore.Channel, any Error>) {
        descriptor = nil
        switch result {
        case .success(let channel):
            if isClosed { channel.close(promise: nil) } else { acceptOn() }
        case .failure(let error):
            fail(error.negatedErrno)
            if context == nil { reactor.channelClosed() }
        }
    }

    // MARK: Operations

    /// Tasklets that wait already come first.
    func attempt(_ node: NodePointer) -> Bool { acceptors.isEmpty && perform(node) }

    /// NIO reports every connection.
    func invalidateReadiness() {}

    func park(_ node: NodePointer) { acceptors.append(node) }

    func cancel(_ node: NodePointer) { acceptors.remove(node) }

    func finishWriting() {}

    func interruptReading() {}

    var remoteAddress: NetworkAddress? { nil }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        serve()
        for stream in accepted { stream.close() }
        accepted.removeAll()
        // Where NIO has not made a channel of it yet, it closes that then.
        if let descriptor { Syscall.expect("shutdown") { linux_stop_listening(descriptor) } }
        context?.close(promise: nil)
    }

    /// Returns whether the operation has completed.
    private func perform(_ node: NodePointer) -> Bool {
        guard !isClosed else { return finish(node, -Int(ECANCELED)) }
        guard node.pointee.operation == .accept else { return finish(node, -Int(ENOTCONN)) }
        if let stream = accepted.popFirst() {
            acceptOn()
            node.giveAccepted(stream)
            return finish(node, 0)
        }
        if let failure = failure.take() { return finish(node, failure) }
        isPaused = false
        acceptOn()
        return false
    }

    private func finish(_ node: NodePointer, _ result: Int) -> Bool {
        node.result = result
        return true
    }

    private func serve() {
        while let node = acceptors.first, perform(node) {
            _ = acceptors.popFirst()
            reactor.complete(node)
        }
    }

    private func acceptOn() {
        guard !isReadRequested, !isPaused, !isClosed, accepted.count < Self.acceptLimit, let context else { return }
        isReadRequested = true
        context.read()
    }

    private func didAccept(_ stream: StreamChannel) {
        guard !isClosed else { return stream.close() }
        accepted.append(stream)
        serve()
    }

    /// The next accept fails, and may be tried again.
    private func fail(_ code: Int) {
        failure = code
        serve()
    }

    // MARK: The channel's life

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        reactor.channelClosed()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReadRequested = false
        acceptOn()
    }

    /// Out of descriptors, for example: the channel stays open with its read pending, so that NIO would retry in a
    /// busy loop.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The peer has closed the connection already.
        guard error.negatedErrno != -Int(ECONNABORTED) else { return }
        isPaused = true
        cancelRead(context)
        fail(error.negatedErrno)
    }

    /// Turning automatic reads off is the only way to cancel a read in NIO.
    private func cancelRead(_ context: ChannelHandlerContext) {
        let options = context.channel.syncOptions
        try? options?.setOption(.autoRead, value: true)
        try? options?.setOption(.autoRead, value: false)
    }
}
