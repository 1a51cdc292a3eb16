// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import NIOCore
internal import NIOPosix

/// Calls a function in the event loop's next tick, after it has polled for events.
///
/// A task that enqueues another one does not do that: the event loop runs tasks until there are none, and then polls. A
/// scheduled task that is due does not either; and one that is not makes the event loop sleep. So the call is an event
/// itself: the readiness of a descriptor that is always readable.
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

    /// Where no descriptor was left, sleeps after all, for long enough that the task is not due before the loop polls.
    func tick() {
        if let context { return context.read() }
        loop.scheduleTask(in: .milliseconds(1), call)
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
