// SPDX-License-Identifier: Apache-2.0

import SchedulerSupport
import SeededRandom
import Tasklets
import Testing

@Suite struct `The timer heap` {
    @Test func `An empty heap has no due tasklet`() {
        let heap = TimerHeap()
        #expect(heap.isEmpty)
        #expect(heap.earliest == .never)
        #expect(heap.popDue(at: .never) == nil)
    }

    @Test func `Sleepers come out in the order of their deadlines, and only when due`() {
        let sleepers = Sleepers(count: 7)
        let heap = TimerHeap()
        for (index, deadline) in ([50, 20, 70, 10, 40, 60, 30] as [UInt64]).enumerated() {
            sleepers.insert(index, deadline, into: heap)
        }
        #expect(heap.earliest == Deadline(nanoseconds: 10))
        #expect(heap.popDue(at: Deadline(nanoseconds: 9)) == nil)
        #expect(heap.popDue(at: Deadline(nanoseconds: 10)) == sleepers[3])
        #expect(heap.popDue(at: Deadline(nanoseconds: 19)) == nil)
        var order: [UInt64] = []
        while let next = heap.popDue(at: .never) { order.append(next.pointee.timer.deadline.nanoseconds) }
        #expect(order == [20, 30, 40, 50, 60, 70])
        #expect(heap.isEmpty)
    }

    /// Compared with a sorted array, which is slow and obviously right.
    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `It behaves like a sorted array`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let sleepers = Sleepers(count: 300)
        let heap = TimerHeap()
        var awake = Set(0..<300)
        var model: [(deadline: UInt64, index: Int)] = []
        var now: UInt64 = 0
        for _ in 0..<5000 {
            switch UInt64.random(in: 0..<10, using: &random) {
            case 0..<6:
                guard let index = awake.randomElement(using: &random) else { continue }
                awake.remove(index)
                // Few distinct deadlines, so that many are equal.
                let deadline: UInt64 = now + UInt64.random(in: 0..<100, using: &random)
                sleepers.insert(index, deadline, into: heap)
                model.append((deadline, index))
                model.sort { $0.deadline < $1.deadline }
            case 6..<8:
                guard let place = model.indices.randomElement(using: &random) else { continue }
                let index = model.remove(at: place).index
                heap.remove(sleepers[index])
                awake.insert(index)
            default:
                now += UInt64.random(in: 0..<20, using: &random)
                while let node = heap.popDue(at: Deadline(nanoseconds: now)) {
                    let deadline = node.pointee.timer.deadline.nanoseconds
                    try #require(deadline == model.first?.deadline)
                    try #require(deadline <= now)
                    let place = try #require(model.firstIndex { sleepers[$0.index] == node })
                    awake.insert(model.remove(at: place).index)
                }
                try #require(model.first.map { $0.deadline > now } ?? true)
            }
            try #require(heap.isEmpty == model.isEmpty)
            try #require(heap.earliest == (model.first.map { Deadline(nanoseconds: $0.deadline) } ?? .never))
        }
    }

    @Test func `Removing the last, the first and the only one`() {
        let sleepers = Sleepers(count: 3)
        let heap = TimerHeap()
        for index in 0..<3 { sleepers.insert(index, UInt64(index), into: heap) }
        heap.remove(sleepers[2])
        #expect(heap.earliest == Deadline(nanoseconds: 0))
        heap.remove(sleepers[0])
        #expect(heap.earliest == Deadline(nanoseconds: 1))
        heap.remove(sleepers[1])
        #expect(heap.isEmpty)
        sleepers.insert(1, 5, into: heap)
        #expect(heap.popDue(at: Deadline(nanoseconds: 5)) == sleepers[1])
    }
}

/// Nodes that sleep, of a scheduler that does not run.
private final class Sleepers {
    private let core: SchedulerCore
    private let nodes: UnsafeMutableBufferPointer<Node>

    init(count: Int) {
        core = SchedulerCore(
            IdleDriver(),
            waiting: .swappingStacks,
            switching: .continuation,
            options: SchedulerOptions()
        )
        nodes = .allocate(capacity: count)
        for index in 0..<count { nodes.initializeElement(at: index, to: Node(owner: core.state)) }
    }

    deinit {
        nodes.deinitialize()
        nodes.deallocate()
    }

    subscript(index: Int) -> UnsafeMutablePointer<Node>? { nodes.baseAddress.map { $0 + index } }

    func insert(_ index: Int, _ deadline: UInt64, into heap: TimerHeap) {
        nodes[index].timer.deadline = Deadline(nanoseconds: deadline)
        if let node = self[index] { heap.insert(node) }
    }
}

extension TimerHeap {
    fileprivate func remove(_ node: UnsafeMutablePointer<Node>?) {
        if let node { remove(node) }
    }
}

/// The driver of a scheduler that never runs.
private final class IdleDriver: LoopDriver {
    func run(_ loop: OrderedLoop) {}
    func interval(_ loop: OrderedLoop) -> Int { 0 }
    func poll(_ loop: OrderedLoop) {}
    func wait(_ loop: OrderedLoop) {}
    func wakeUp() {}
    func checkMayRun() {}

    func network(for core: SchedulerCore) -> any Network { preconditionFailure("there is no network") }
    func arm(_ node: UnsafeMutablePointer<Node>) {}
    func disarm(_ node: UnsafeMutablePointer<Node>) {}
    var systemCalls: [String: UInt64] { [:] }
}
