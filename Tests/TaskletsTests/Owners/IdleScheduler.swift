// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// A scheduler that never runs, with nodes for a test to link and count.
final class IdleScheduler {
    let core = SchedulerCore(IdleDriver(), waiting: .swappingStacks, switching: .continuation, options: .init())
    private let storage: UnsafeMutableBufferPointer<Node>

    init(nodes count: Int) {
        storage = .allocate(capacity: count)
        for index in 0..<count { storage.initializeElement(at: index, to: Node(owner: core.state)) }
    }

    deinit {
        storage.deinitialize()
        storage.deallocate()
    }

    var nodes: [NodePointer] { storage.indices.compactMap { index in storage.baseAddress.map { $0 + index } } }
}

private final class IdleDriver: LoopDriver {
    func run(_ loop: OrderedLoop) {}
    func interval(_ loop: OrderedLoop) -> Int { 0 }
    func poll(_ loop: OrderedLoop) {}
    func wait(_ loop: OrderedLoop) {}
    func wakeUp() {}
    func arm(_ node: NodePointer) {}
    func disarm(_ node: NodePointer) {}
    func checkMayRun() {}

    func network(for core: SchedulerCore) -> any Network { preconditionFailure("there is no network") }
    var systemCalls: [String: UInt64] { [:] }
}
