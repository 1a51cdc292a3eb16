// SPDX-License-Identifier: Apache-2.0

/// A tasklet's wait on several channels at once.
///
/// It waits in each channel's queue by a proxy, a node that belongs to no tasklet. A partner uses a proxy's slot like
/// any other; choosing the proxy takes all the others out of their queues. So a value moves exactly once, and all that
/// channels know of selections is that a waiter may be a proxy.
///
/// Semantics: Go, runtime/select.go, selectgo. The proxies are its `sudog`s.
@usableFromInline
package struct Selection {
    let proxies: UnsafeMutableBufferPointer<Proxy>
    /// Which of them was chosen, once one has been.
    @usableFromInline package var chosen: Int?
}

@usableFromInline package typealias SelectionPointer = UnsafeMutablePointer<Selection>

/// A place in one channel's queue.
struct Proxy {
    /// First, so that its address is the proxy's.
    var node: Node
    let principal: NodePointer
}

extension UnsafeMutablePointer<Proxy> {
    var node: NodePointer { UnsafeMutableRawPointer(self).assumingMemoryBound(to: Node.self) }
}

extension UnsafeMutablePointer<Node> {
    /// The proxy that this node is, in state `proxy`.
    private var proxy: UnsafeMutablePointer<Proxy> { UnsafeMutableRawPointer(self).assumingMemoryBound(to: Proxy.self) }

    /// The tasklet that waits here, by itself or by proxy.
    var tasklet: NodePointer { pointee.state == .proxy ? proxy.pointee.principal : self }

    /// A partner has taken this proxy out of its queue: takes all others out of theirs.
    ///
    /// Returns the tasklet.
    func chooseProxy() -> NodePointer {
        let principal = proxy.pointee.principal
        guard let selection = principal.selection else { preconditionFailure("a proxy without a selection") }
        for index in selection.pointee.proxies.indices {
            let other = selection.node(at: index)
            if other == self { selection.pointee.chosen = index } else { other.channel?.withdraw(other) }
        }
        if principal.pointee.timer.isSet { principal.disarm() }
        return principal
    }
}

extension SelectionPointer {
    /// Makes a proxy for each of a tasklet's cases, in no queue yet.
    static func make(of principal: NodePointer, count: Int) -> SelectionPointer {
        let proxies = UnsafeMutableBufferPointer<Proxy>.allocate(capacity: count)
        let owner = principal.pointee.owner
        for index in proxies.indices {
            proxies.initializeElement(at: index, to: Proxy(node: Node(owner: owner), principal: principal))
        }
        let selection = SelectionPointer.allocate(capacity: 1)
        selection.initialize(to: Selection(proxies: proxies))
        return selection
    }

    /// Called once no proxy is in a queue, and their slots are empty.
    @usableFromInline package func free() {
        pointee.proxies.deinitialize()
        pointee.proxies.deallocate()
        deinitialize(count: 1)
        deallocate()
    }

    @usableFromInline package func node(at index: Int) -> NodePointer {
        guard let first = pointee.proxies.baseAddress else { preconditionFailure("a selection without cases") }
        return (first + index).node
    }

    /// The channels that its proxies wait on, and in which direction.
    var places: [(ChannelPointer, Direction)] {
        pointee.proxies.indices.compactMap { index in
            let node = node(at: index)
            return node.channel.map { ($0, node.waitDirection) }
        }
    }

    /// Takes all proxies out of their queues.
    func withdraw() {
        for index in pointee.proxies.indices {
            let node = node(at: index)
            node.channel?.withdraw(node)
        }
    }
}
