// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import SchedulerSupport
internal import Tasklets

/// The event loop of one run: what its channels need to know of the scheduler.
final class Reactor: Network, @unchecked Sendable {
    // SAFETY: touched on the event loop's thread only.
    let loop: any EventLoop
    let core: SchedulerCore
    private let visit: @Sendable () -> Void
    private var isVisitDue = false
    private var ticker: Ticker?
    private var channelCount = 0

    init(_ loop: any EventLoop, _ core: SchedulerCore, _ visit: @escaping @Sendable () -> Void) {
        self.loop = loop
        self.core = core
        self.visit = visit
    }

    // MARK: Visits

    /// Has the tasklets run once more in this tick of the event loop, after what it has to do before; or, during a visit,
    /// in that.
    func requestVisit() {
        guard !isVisitDue else { return }
        isVisitDue = true
        loop.execute(visit)
    }

    func visitIsOver() { isVisitDue = false }

    /// Has them run once more in the next tick, so that the event loop sees to its channels before.
    func requestVisitAfterLook() {
        let ticker = ticker ?? Ticker(loop) { [weak self] in self?.requestVisit() }
        self.ticker = ticker
        ticker.tick()
    }

    // MARK: Channels

    /// Whether the event loop has anything to see to.
    var hasChannels: Bool { channelCount > 0 }

    func channelOpened() { channelCount += 1 }

    func channelClosed() { channelCount -= 1 }

    /// A tasklet's operation is over, with its result in the hand.
    func complete(_ node: NodePointer) {
        core.complete(node, isOver: true)
        requestVisit()
    }

    /// A socket that listens already is handed to NIO: so that the port is known at once, and errors, too.
    func listen(_ address: NetworkAddress) throws -> any Endpoint {
        let listener = ListenerChannel(self, try SocketNetwork.descriptor(listeningAt: address))
        listener.start()
        return listener
    }

    func stream(to address: NetworkAddress) throws -> any Endpoint { StreamChannel(self, to: address) }
}
