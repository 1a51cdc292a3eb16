// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import Tasklets

/// A connection: a NIO channel whose only handler is the endpoint.
///
/// What arrives is kept until somebody reads it, and copied then; NIO reads on while less than `enough` is kept, whether
/// somebody waits or not. What is written is copied, a piece at a time, and NIO's promise says when the kernel has it;
/// only then is the write over, as on the other backends: nothing is lost when the stream is closed after that.
final class StreamChannel: Endpoint, ChannelInboundHandler, @unchecked Sendable {
    // SAFETY: touched on the event loop's thread only, except the port, and `close` when no run is in progress: then the
    // channel is closed already.
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
    /// What has come of connecting.
    private var connection: Int?

    private var arrived = CircularBuffer<ByteBuffer>()
    private var arrivedCount = 0
    private var isReadRequested = false
    /// The negated errno that reads end with when all is read that has arrived; 0 for the end of the stream.
    private var end: Int?

    /// A piece is on its way to the kernel.
    private var isWriting = false
    private var isServingWriters = false
    /// The negated errno that writes end with.
    private var failure: Int?

    /// Bytes kept beyond which NIO is not to read on.
    private static let enough = 1 << 16
    /// Bytes written at a time.
    private static let piece = 1 << 16

    init(_ reactor: Reactor, to address: NetworkAddress? = nil, isReady: ((StreamChannel) -> Void)? = nil) {
        self.reactor = reactor
        self.address = address
        self.isReady = isReady
    }

    var localPort: Int { port.load(ordering: .relaxed) }

    // MARK: Operations

    /// Whoever waits already comes first.
    func attempt(_ node: NodePointer) -> Bool {
        (isWriter(node) ? writers : readers).isEmpty && perform(node)
    }

    func park(_ node: NodePointer) { if isWriter(node) { writers.append(node) } else { readers.append(node) } }

    func cancel(_ node: NodePointer) { if isWriter(node) { writers.remove(node) } else { readers.remove(node) } }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        serveReaders()
        serveWriters()
        arrived.removeAll()
        context?.close(promise: nil)
    }

    func finishWriting() { context?.close(mode: .output, promise: nil) }

    private func isWriter(_ node: NodePointer) -> Bool {
        node.pointee.operation == .write || node.pointee.operation == .connect
    }

    /// Returns whether the operation is over.
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

    /// Not again from within: a piece may be with the kernel before the call that wrote it returns.
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
        if arrivedCount == 0, let end { return finish(node, end) }
        let count = take(into: node.buffer)
        readOn()
        return count > 0 && finish(node, count)
    }

    private func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var count = 0
        while count < buffer.count, !arrived.isEmpty {
            count += arrived[arrived.startIndex].take(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
            // Given up at once, so that NIO can use it again.
            if arrived[arrived.startIndex].readableBytes == 0 { arrived.removeFirst() }
        }
        arrivedCount -= count
        return count
    }

    private func readOn() {
        guard !isReadRequested, end == nil, arrivedCount < Self.enough, let context else { return }
        isReadRequested = true
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        guard !isClosed, buffer.readableBytes > 0 else { return }
        arrivedCount += buffer.readableBytes
        arrived.append(buffer)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReadRequested = false
        serveReaders()
        readOn()
    }

    // MARK: Writing

    /// A tasklet's buffer is advanced when a piece is handed over; so a writer that waits and has nothing left waits for
    /// its own last piece, and one that has something left waits for the one before it.
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
        let promise = reactor.loop.makePromise(of: Void.self)
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
        guard let connection else { return false }
        return finish(node, connection)
    }

    /// The tasklet's deadline is the only one.
    private func startToConnect() {
        guard let address = address?.forNIO else { return connection = -Int(EAFNOSUPPORT) }
        ClientBootstrap(group: reactor.loop)
            .connectTimeout(.hours(24))
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { self.handle($0) }
            .connect(to: address)
            .whenComplete { self.connected($0) }
    }

    private func connected(_ result: Result<any NIOCore.Channel, any Error>) {
        switch result {
        case .success: connection = 0
        case .failure(let error): connection = error.negatedErrno
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
