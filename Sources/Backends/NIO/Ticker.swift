// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import NIOCore
internal import NIOPosix

/// Has something called in the event loop's next tick, and not before it has looked for events.
///
/// A task that enqueues another one does not do that: the event loop runs tasks until there are none, and then looks. A
/// scheduled task that is due does not either; and one that is not makes the event loop sleep. So the call is an event
/// itself: that a descriptor is readable, which it always is.
final class Ticker: ChannelInboundHandler, @unchecked Sendable {
    // SAFETY: touched on the event loop's thread only.
    typealias InboundIn = ByteBuffer

    private let loop: any EventLoop
    private let call: @Sendable () -> Void
    private var context: ChannelHandlerContext?

    init(_ loop: any EventLoop, _ call: @escaping @Sendable () -> Void) {
        self.loop = loop
        self.call = call
        let descriptor = linux_eventfd_always_readable()
        if descriptor >= 0 { watch(descriptor) }
    }

    /// Where there is no descriptor left, it is a short sleep after all.
    func tick() {
        if let context { return context.read() }
        loop.scheduleTask(in: .microseconds(10), call)
    }

    private func watch(_ descriptor: CInt) {
        _ = NIOPipeBootstrap(group: loop)
            .channelOption(.autoRead, value: false)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: MemoryLayout<UInt64>.size))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(self) }
            }
            .takingOwnershipOfDescriptor(input: descriptor)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelReadComplete(context: ChannelHandlerContext) { call() }
}
