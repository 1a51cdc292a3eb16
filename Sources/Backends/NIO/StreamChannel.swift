// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import Tasklets

/// A connection: a NIO channel whose only handler is the endpoint.
///
/// Received bytes are kept until a tasklet reads them, and copied then; NIO reads on while fewer than `readLimit` are
/// kept, whether a tasklet waits or not. A write is copied a piece at a time, and NIO's promise says when the kernel
/// has it; only then has the write completed, as on the other backends: closing the stream after that loses nothing.
final class StreamChannel: Endpoint, ChannelInboundHandler, @unchecked Sendable {
    // SAFETY: touched on the event loop's thread only, except the port, and `close` when no run is in progress: then
    // the channel is closed already.
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let reactor: Reactor
    private let address: NetworkAddress?
    /// Called when a connection that was accepted can be used.
    private let isReady: ((StreamChannel) -> Void)?
    private let port = Atomic<Int>(-1)
    private var context: ChannelHandlerContext?
    private var isClosed = false
    private var readers = WaitQueue()
    private var writers = WaitQueue()

    private var isConnecting = false
    /// The result of connecting: 0, or a negated errno.
    private var connectResult: Int?

    private var received = CircularBuffer<ByteBuffer>()
    private var receivedCount = 0
    private var isReadRequested = false
    /// The next attempt to read does not leave it to NIO to find out what has arrived.
    private var asksKernel = false
    /// The next read that would have to wait is to end at once.
    private var isReadInterrupted = false
    /// The negated errno that reads end with once all received bytes are read; 0 for the end of the stream.
    private var end: Int?

    /// A piece is on its way to the kernel.
    private var isWriting = false
    private var isServingWriters = false
    /// How many bytes the peer had acknowledged at the last look.
    private var acknowledged: UInt64 = 0
    /// The negated errno that writes end with.
    private var failure: Int?

    /// Bytes kept beyond which NIO does not read on.
    private static let readLimit = 1 << 16
    /// Bytes written at a time.
    private static let piece = 1 << 16

    init(_ reactor: Reactor, to address: NetworkAddress? = nil, isReady: ((StreamChannel) -> Void)? = nil) {
        self.reactor = reactor
        self.address = address
        self.isReady = isReady
    }

    var localPort: Int { port.load(ordering: .relaxed) }

    var remoteAddress: NetworkAddress? { context?.remoteAddress.flatMap { NetworkAddress($0) } }

    // MARK: Operations

    /// Tasklets that wait already come first.
    func attempt(_ node: NodePointer) -> Bool {
        defer { asksKernel = false }
        return (isWriter(node) ? writers : readers).isEmpty && perform(node)
    }

    /// NIO reports everything that arrives, but only when its turn comes.
    func invalidateReadiness() { asksKernel = true }

    /// While NIO has a piece, an attempt says nothing; and NIO tries again only when the kernel reports room, which it
    /// does when a third of its buffer is free: a client that takes less meanwhile is slow, and not gone.
    func takeAcknowledged() -> Int {
        guard let operations = context?.pipeline.syncOperations,
            let total = try? operations.withUnsafeTransportIfAvailable(
                of: NIOBSDSocket.Handle.self,
                linux_acknowledged
            ),
            total > acknowledged
        else { return 0 }
        defer { acknowledged = total }
        return Int(total - acknowledged)
    }

    func park(_ node: NodePointer) {
        guard !isWriter(node) else { return writers.append(node) }
        readers.append(node)
        if isReadInterrupted { interruptReading() }
    }

    func interruptReading() {
        isReadInterrupted = readers.isEmpty
        while let node = readers.popFirst() {
            node.result = -Int(EINTR)
            reactor.complete(node)
        }
    }

    func cancel(_ node: NodePointer) { if isWriter(node) { writers.remove(node) } else { readers.remove(node) } }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        serveReaders()
        serveWriters()
        received.removeAll()
        context?.close(promise: nil)
    }

    func finishWriting() { context?.close(mode: .output, promise: nil) }

    private func isWriter(_ node: NodePointer) -> Bool {
        node.pointee.operation == .write || node.pointee.operation == .connect
    }

    /// Returns whether the operation has completed.
    private func perform(_ node: NodePointer) -> Bool {
        guard !isClosed else { return finish(node, -Int(ECANCELED)) }
        switch node.pointee.operation {
        case .read: return read(node)
        case .write: return write(node)
        case .connect: return connect(node)
        case .accept: return finish(node, -Int(EINVAL))
        }
    }

    private func finish(_ node: NodePointer, _ result: Int) -> Bool {
        node.result = result
        return true
    }

    private func serveReaders() {
        while let node = readers.first, perform(node) {
            _ = readers.popFirst()
            reactor.complete(node)
        }
    }

    /// Not reentrant: the kernel may have a piece before the call that wrote it returns.
    private func serveWriters() {
        guard !isServingWriters else { return }
        isServingWriters = true
        defer { isServingWriters = false }
        while let node = writers.first, perform(node) {
            _ = writers.popFirst()
            reactor.complete(node)
        }
    }

    // MARK: Reading

    private func read(_ node: NodePointer) -> Bool {
        if node.buffer.isEmpty { return finish(node, 0) }
        if receivedCount == 0, let end { return finish(node, end) }
        // NIO has handed over all that it has read, so what the kernel has comes next.
        if receivedCount == 0, asksKernel, let result = context?.receive(into: node.buffer) {
            return finish(node, result)
        }
        let count = take(into: node.buffer)
        readOn()
        return count > 0 && finish(node, count)
    }

    private func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var count = 0
        while count < buffer.count, !received.isEmpty {
            count += received[received.startIndex].take(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
            // Dropped at once, so that NIO can reuse it.
            if received[received.startIndex].readableBytes == 0 { received.removeFirst() }
        }
        receivedCount -= count
        return count
    }

    private func readOn() {
        guard !isReadRequested, end == nil, receivedCount < Self.readLimit, let context else { return }
        isReadRequested = true
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        guard !isClosed, buffer.readableBytes > 0 else { return }
        receivedCount += buffer.readableBytes
        received.append(buffer)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReadRequested = false
        serveReaders()
        readOn()
    }

    // MARK: Writing

    /// A tasklet's buffer is advanced when a piece is handed to NIO; so a waiting writer with an empty buffer waits for
    /// its own last piece, and one with bytes left for the piece before it.
    private func write(_ node: NodePointer) -> Bool {
        while true {
            if let failure { return finish(node, failure) }
            if isWriting { return false }
            if node.buffer.isEmpty { return finish(node, 0) }
            writePiece(of: node)
        }
    }

    private func writePiece(of node: NodePointer) {
        guard let context else { return failure = -Int(EPIPE) }
        let bytes = UnsafeRawBufferPointer(rebasing: node.buffer.prefix(Self.piece))
        var buffer = context.channel.allocator.buffer(capacity: bytes.count)
        buffer.writeBytes(bytes)
        node.advance(by: bytes.count)
        isWriting = true
        let promise = reactor.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { self.pieceWritten($0) }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: promise)
    }

    private func pieceWritten(_ result: Result<Void, any Error>) {
        isWriting = false
        if case .failure(let error) = result { failure = failure ?? error.negatedErrno }
        serveWriters()
    }

    // MARK: Connecting

    private func connect(_ node: NodePointer) -> Bool {
        if !isConnecting {
            isConnecting = true
            startToConnect()
        }
        guard let connectResult else { return false }
        return finish(node, connectResult)
    }

    /// The tasklet's deadline is the only one.
    private func startToConnect() {
        guard let address = address?.forNIO else { return connectResult = -Int(EAFNOSUPPORT) }
        ClientBootstrap(group: reactor.eventLoop)
            .connectTimeout(.hours(24))
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { self.handle($0) }
            .connect(to: address)
            .whenComplete { self.connected($0) }
    }

    private func connected(_ result: Result<any NIOCore.Channel, any Error>) {
        switch result {
        case .success: connectResult = 0
        case .failure(let error): connectResult = error.negatedErrno
        }
        serveWriters()
    }

    // MARK: The channel's life

    /// Becomes the channel's handler.
    func handle(_ channel: any NIOCore.Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(self) }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        reactor.channelOpened()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        reactor.channelClosed()
    }

    func channelActive(context: ChannelHandlerContext) {
        port.store(context.localAddress?.port ?? -1, ordering: .relaxed)
        isReady?(self)
        readOn()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? NIOCore.ChannelEvent == .inputClosed { inputEnded(0) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        inputEnded(error.negatedErrno)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        failure = failure ?? -Int(EPIPE)
        inputEnded(0)
        serveWriters()
    }

    private func inputEnded(_ result: Int) {
        end = end ?? result
        serveReaders()
    }
}

extension ByteBuffer {
    /// Moves as many bytes as fit.
    fileprivate mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        readWithUnsafeReadableBytes { bytes in
            let count = min(bytes.count, buffer.count)
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(count)))
            return count
        }
    }
}
