// SPDX-License-Identifier: Apache-2.0

/// Which tasklet of a scheduler waits for which, at one moment.
///
/// With the lock held.
struct BlockedReport {
    private let nodes: [NodePointer]
    private let alive: [UInt64: Tasklet]

    init(_ state: StatePointer) {
        nodes = state.pointee.roster.nodes
        alive = Dictionary(uniqueKeysWithValues: nodes.map { ($0.object.id, $0.object) })
    }

    /// Every tasklet that waits for another.
    var tasklets: [BlockedTasklet] { nodes.compactMap(describe) }

    private func describe(_ node: NodePointer) -> BlockedTasklet? {
        switch node.pointee.state {
        case .blocked: node.channel.map { describe(node, waitingFor: [($0, node.waitDirection)]) }
        case .selecting: describe(node, waitingFor: node.selection?.places ?? [])
        case .awaiting: node.cell.map { describe(node, awaiting: $0) }
        case .joining: node.other.map { describe(node, joining: $0) }
        case .paused, .ready, .running, .deferring, .performing, .sleeping, .suspended, .proxy, .outstanding, .ended:
            nil
        }
    }

    func describe(_ node: NodePointer, joining other: NodePointer) -> BlockedTasklet {
        BlockedTasklet(node, "the end of \(other.object)", partner: other.object)
    }

    func describe(_ node: NodePointer, awaiting cell: OneShotCell) -> BlockedTasklet {
        BlockedTasklet(node, cell.label, partner: nil)
    }

    /// A tasklet that waits on a channel, or on several.
    func describe(_ node: NodePointer, waitingFor places: [(ChannelPointer, Direction)]) -> BlockedTasklet {
        let partners = places.map { $0.partner($1) }
        var blocked = BlockedTasklet(
            node,
            partners.isEmpty ? "one of no cases" : partners.joined(separator: ", or "),
            partner: nil
        )
        if let (channel, direction) = places.first, places.count == 1 {
            blocked.channel = channel.pointee.name
            blocked.partner = lastPartner(of: node, on: channel, direction)
        }
        return blocked
    }

    /// The tasklet that last acted at the other end of a channel, if that is another one, and alive.
    private func lastPartner(of node: NodePointer, on channel: ChannelPointer, _ direction: Direction) -> Tasklet? {
        let last = direction == .send ? channel.pointee.lastReceiver : channel.pointee.lastSender
        return last == node.object.id ? nil : alive[last]
    }
}

extension UnsafeMutablePointer<Node> {
    /// What a blocked tasklet, or a proxy, is about to do with its channel.
    var waitDirection: Direction { pointee.direction > 0 ? .send : .receive }
}

extension UnsafeMutablePointer<ChannelState> {
    /// The partner that an operation on the channel waits for.
    fileprivate func partner(_ direction: Direction) -> String {
        "\(direction == .send ? "a receiver" : "a sender") on \(label)"
    }
}

extension BlockedTasklet {
    fileprivate init(_ node: NodePointer, _ waitsFor: String, partner: Tasklet?) {
        let tasklet = node.object
        self.init(tasklet: tasklet, waitsFor: waitsFor, channel: nil, spawnSite: tasklet.spawnSite, partner: partner)
    }
}
