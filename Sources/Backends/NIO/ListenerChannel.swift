// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import SchedulerSupport
internal import Tasklets

/// A listener: the socket, NIO's server channel for it, and the connections that it has accepted and no tasklet has
/// taken.
///
/// NIO accepts on while there are fewer than `acceptLimit` of these; the rest waits in the kernel's queue.
///
/// NIO closes a server channel for most errors of accept(2), even if the next connection could be accepted. So the
/// channel gets a duplicate of the descriptor; the socket and its queue stay, and the next accept makes a new channel,
/// as the first one does.
final class ListenerChannel: Endpoint, ChannelInboundHandler, @unchecked Sendable {
    // SAFETY: touched on the event loop's thread only, and by `close` when no run is in progress: then the channel is
    // closed already.
    typealias InboundIn = any NIOCore.Channel

    let localPort: Int
    private let reactor: Reactor
    /// The socket; nil once it is closed.
    private var descriptor: CInt?
    /// NIO is making a channel.
    private var isOpening = false
    /// The reactor counts a channel.
    private var isCounted = false
    private var context: ChannelHandlerContext?
    private var acceptors = WaitQueue()
    private var accepted = CircularBuffer<StreamChannel>()
    private var isReadRequested = false
    /// The negated errno that the next accept ends with.
    private var failure: Int?
    /// An accept has failed; NIO does not accept again before a tasklet does.
    private var isPaused = false

    /// Connections kept beyond which NIO does not accept more.
    private static let acceptLimit = 16

    /// Takes over a listening socket.
    init(_ reactor: Reactor, _ descriptor: CInt) {
        self.reactor = reactor
        self.descriptor = descriptor
        localPort = Int(linux_local_port(descriptor))
    }

    private var isClosed: Bool { descriptor == nil }

    // MARK: The channel

    /// Makes a server channel of the socket, unless there is one; nil, or a negated errno.
    ///
    /// NIO does so in a task of its own; until then, tasklets that accept wait.
    private func open() -> Int? {
        guard let descriptor, context == nil, !isOpening else { return nil }
        let duplicate = linux_duplicate(descriptor)
        guard duplicate >= 0 else { return Int(duplicate) }
        isOpening = true
        countChannel(true)
        ServerBootstrap(group: reactor.eventLoop)
            .serverChannelOption(.autoRead, value: false)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(self) }
            }
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { [reactor] child in
                StreamChannel(reactor) { self.didAccept($0) }.handle(child)
            }
            .withBoundSocket(duplicate)
            .whenComplete { self.didOpen($0) }
        // NIO has made its channel by now, and with it the queue as short as it is by default: its option for the
        // length of the queue is applied later than that, and has no effect on a socket that listens already.
        Syscall.expect("listen") { linux_restore_backlog(descriptor) }
        return nil
    }

    private func didOpen(_ result: Result<any NIOCore.Channel, any Error>) {
        isOpening = false
        switch result {
        case .success(let channel):
            if isClosed { channel.close(promise: nil) } else { acceptOn() }
        case .failure(let error):
            countChannel(false)
            fail(error.negatedErrno)
        }
    }

    /// Tells the reactor, once, that there is a channel, or none.
    private func countChannel(_ exists: Bool) {
        guard exists != isCounted else { return }
        isCounted = exists
        if exists { reactor.channelOpened() } else { reactor.channelClosed() }
    }

    // MARK: Operations

    /// Tasklets that wait already come first.
    func attempt(_ node: NodePointer) -> Bool { acceptors.isEmpty && perform(node) }

    /// NIO reports every connection.
    func invalidateReadiness() {}

    func takeAcknowledged() -> Int { 0 }

    func park(_ node: NodePointer) { acceptors.append(node) }

    func cancel(_ node: NodePointer) { acceptors.remove(node) }

    func finishWriting() {}

    func interruptReading() {}

    var remoteAddress: NetworkAddress? { nil }

    func close() {
        guard let descriptor = descriptor.take() else { return }
        serve()
        for stream in accepted { stream.close() }
        accepted.removeAll()
        // Where NIO has not made its channel yet, that is closed then.
        Syscall.expect("shutdown") { linux_stop_listening(descriptor) }
        linux_close(descriptor)
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
        if let failure = open() { return finish(node, failure) }
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
        isReadRequested = false
        countChannel(false)
        // Tasklets that wait need another channel.
        serve()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReadRequested = false
        acceptOn()
    }

    /// Where the channel stays open, as when descriptors have run out, its read stays pending, so that NIO would retry
    /// in a busy loop.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
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
