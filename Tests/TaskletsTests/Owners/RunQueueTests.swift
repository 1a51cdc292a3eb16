// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Tasklets
import Testing

@Suite struct `The run queue` {
    /// The queue's order, starting with the current tasklet.
    private func order(_ queue: RunQueue) -> [NodePointer] {
        guard let current = queue.current else { return [] }
        var nodes = [current]
        var next = current.pointee.next
        while let node = next, node != current {
            nodes.append(node)
            next = node.pointee.next
        }
        return nodes
    }

    /// The same backwards, which the backward links have to agree with.
    private func orderBackwards(_ queue: RunQueue) -> [NodePointer] {
        guard let current = queue.current else { return [] }
        var nodes: [NodePointer] = []
        var previous = current.pointee.previous
        while let node = previous, node != current {
            nodes.append(node)
            previous = node.pointee.previous
        }
        return [current] + nodes.reversed()
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `It keeps the order of a list that starts with the current tasklet`(seed: UInt64) {
        let scheduler = IdleScheduler(nodes: 8)
        var random = SplitMix64(seed: seed)
        var queue = RunQueue()
        var model: [NodePointer] = []
        for _ in 0..<400 {
            let node = scheduler.nodes[Int.random(in: 0..<8, using: &random)]
            step(&queue, &model, node, Int.random(in: 0..<4, using: &random))
            #expect(order(queue) == model)
            #expect(orderBackwards(queue) == model)
            #expect(queue.count == model.count)
        }
    }

    private func step(_ queue: inout RunQueue, _ model: inout [NodePointer], _ node: NodePointer, _ kind: Int) {
        if let place = model.firstIndex(of: node) {
            guard kind > 0 else {
                queue.rotate(from: model[0])
                return model.append(model.removeFirst())
            }
            queue.remove(node)
            model.remove(at: place)
        } else if kind == 0, !model.isEmpty {
            queue.appendToOthers(node)
            model.append(node)
        } else if kind == 1, let current = model.first {
            queue.insertNext(node)
            // The tasklet that was current is last now.
            model = [node] + model.dropFirst() + [current]
        } else {
            queue.append(node)
            model.append(node)
        }
    }
}
