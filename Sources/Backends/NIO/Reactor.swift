// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import SchedulerSupport
internal import Tasklets

/// The event loop of one run, as its channels see it.
final class Reactor: Network, @unchecked Sendable {
    // SAFETY: touched on the event loop's thread only.
    let eventLoop: any EventLoop
    let core: SchedulerCore
    private let slice: @Sendable () -> Void
    private var isSliceDue = false
    private var ticker: Ticker?
    private var channelCount = 0

    init(_ eventLoop: any EventLoop, _ core: SchedulerCore, _ slice: @escaping @Sendable () -> Void) {
        self.eventLoop = eventLoop
        self.core = core
        self.slice = slice
    }

    // MARK: Slices

    /// Runs tasklets once more in this tick of the event loop, after the tasks that it has already; or, during a slice,
    /// in that.
    func requestSlice() {
        guard !isSliceDue else { return }
        isSliceDue = true
        eventLoop.execute(slice)
    }

    func sliceEnded() { isSliceDue = false }

    /// Runs tasklets once more in the next tick, so that the event loop serves its channels before.
    func requestSliceAfterChannels() {
        let ticker = ticker ?? Ticker(eventLoop) { [weak self] in self?.requestSlice() }
        self.ticker = ticker
        ticker.tick()
    }

    // MARK: Channels

    /// Whether the event loop has channels to serve.
    var hasChannels: Bool { channelCount > 0 }

    func channelOpened() { channelCount += 1 }

    func channelClosed() { channelCount -= 1 }

    /// A tasklet's operation has completed, with its result in the slot.
    func complete(_ node: NodePointer) {
        core.complete(node, isComplete: true)
        requestSlice()
    }

    /// The socket listens already, so that its port and errors are known at once.
    func listen(_ address: NetworkAddress) throws -> any Endpoint {
        ListenerChannel(self, try SocketNetwork.descriptor(listeningAt: address))
    }

    func stream(to address: NetworkAddress) throws -> any Endpoint { StreamChannel(self, to: address) }
}
