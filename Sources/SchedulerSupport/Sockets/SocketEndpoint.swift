// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
package import Tasklets

/// A socket of a backend that learns from the kernel when it is worth another attempt.
package final class SocketEndpoint: Endpoint, @unchecked Sendable {
    // SAFETY: touched in the scheduler's order, or with its lock held; but where several tasklets run at once, `attempt`
    // is called without the lock, and touches nothing then but the descriptor, which is made for that.

    /// Which tasklets wait: those that read or accept, and those that write or connect.
    package enum Side: Sendable { case reading, writing }

    /// The descriptor, for the poller; not to be used after ``close()``.
    package let number: CInt
    private let descriptor: SharedDescriptor
    /// Where the poller keeps it; -1 for nowhere.
    package var slot = -1
    /// The scheduler that it belongs to, which lives as long as any stream or listener, and so any operation.
    package unowned(unsafe) let core: SchedulerCore
    private let poller: any Poller
    private let address: NetworkAddress?
    private var readers = WaitQueue()
    private var writers = WaitQueue()
    /// Whether an attempt may succeed.
    ///
    /// Not after one that has emptied, or filled, the socket, until the poller has told of it again; this saves a system
    /// call a message.
    private var isReadable = true
    private var isWritable = true
    /// The peer has closed its side, or the connection has failed, or carries urgent data: always worth an attempt.
    private var isOdd = false
    private var isConnecting = false

    /// Takes over a descriptor; the address is where it is to be connected to, if it is.
    package init(
        _ number: CInt,
        _ core: SchedulerCore,
        _ poller: any Poller,
        to address: NetworkAddress? = nil
    ) {
        self.number = number
        self.core = core
        descriptor = SharedDescriptor(number)
        self.poller = poller
        self.address = address
    }

    deinit { if descriptor.isOpen { linux_close(number) } }

    package var localPort: Int {
        guard let number = descriptor.begin() else { return -1 }
        defer { endUse() }
        return Int(linux_local_port(number))
    }

    // MARK: Operations

    package func attempt(_ node: NodePointer) -> Bool {
        // Whoever waits already comes first.
        if poller.isOrdered, !queue(side(of: node)).isEmpty { return false }
        return perform(node)
    }

    package func distrustNotes() {
        guard poller.isOrdered else { return }
        isReadable = true
        isWritable = true
    }

    private func perform(_ node: NodePointer) -> Bool {
        guard descriptor.begin() != nil else { return end(node, -Int(ECANCELED)) }
        defer { endUse() }
        switch node.pointee.operation {
        case .read: return read(node)
        case .write: return write(node)
        case .accept: return accept(node)
        case .connect: return connect(node)
        }
    }

    /// Another thread may have closed it meanwhile.
    private func endUse() {
        guard let number = descriptor.end() else { return }
        core.withLock { poller.close(self, number) }
    }

    private func end(_ node: NodePointer, _ result: Int) -> Bool {
        node.result = result
        return true
    }

    private func read(_ node: NodePointer) -> Bool {
        guard isReadable || isOdd else { return false }
        let buffer = node.buffer
        let call = poller.calls.repeating(.read, upTo: buffer.count) { linux_receive(number, buffer.baseAddress, $0) }
        if call.result == -EAGAIN { return blocked(.reading, call) }
        // Less than there was room for: it is empty, and the kernel will tell of more.
        if poller.isOrdered, call.result >= 0, call.result < call.size { isReadable = false }
        return end(node, Int(call.result))
    }

    private func write(_ node: NodePointer) -> Bool {
        while !node.buffer.isEmpty {
            guard isWritable || isOdd else { return false }
            let buffer = node.buffer
            let call = poller.calls.repeating(.write, upTo: buffer.count) { linux_send(number, buffer.baseAddress, $0) }
            if call.result == -EAGAIN { return blocked(.writing, call) }
            if call.result < 0 { return end(node, Int(call.result)) }
            node.advance(by: Int(call.result))
        }
        return end(node, 0)
    }

    private func accept(_ node: NodePointer) -> Bool {
        while true {
            guard isReadable || isOdd else { return false }
            let call = poller.calls.repeating(.accept) { _ in Int64(linux_accept(number)) }
            switch call.result {
            case -Int64(EAGAIN): return blocked(.reading, call)
            // The peer has given up meanwhile.
            case -Int64(ECONNABORTED): continue
            case ..<0: return end(node, Int(call.result))
            default:
                node.giveAccepted(SocketEndpoint(CInt(call.result), core, poller))
                return end(node, 0)
            }
        }
    }

    private func connect(_ node: NodePointer) -> Bool {
        guard let address else { return end(node, -Int(EISCONN)) }
        if !isConnecting {
            isConnecting = true
            let call = poller.calls.repeating(.connect) { _ in
                address.bytes.withUnsafeBytes { Int64(linux_connect(number, $0.baseAddress, $0.count)) }
            }
            // Already: a signal has interrupted the first call, and the connection goes on.
            let isInProgress = call.result == -EINPROGRESS || call.result == -EALREADY
            return isInProgress ? blocked(.writing, call) : end(node, Int(call.result))
        }
        let result = Int64(linux_connect_result(number))
        let call = SocketCalls.Outcome(result, size: 0)
        return result == -EAGAIN ? blocked(.writing, call) : end(node, Int(result))
    }

    private func blocked(_ side: Side, _ call: SocketCalls.Outcome) -> Bool {
        guard poller.isOrdered else { return false }
        if side == .reading { isReadable = false } else { isWritable = false }
        // The kernel does not know, and may not tell again.
        if call.isPretended { core.inOrder { self.becameReady(side, isOdd: false) } }
        return false
    }

    // MARK: Waiting

    package func park(_ node: NodePointer) {
        let side = side(of: node)
        change(side) { $0.append(node) }
        guard descriptor.isOpen else { return finish(side) { end($0, -Int(ECANCELED)) } }
        watch(side)
    }

    /// Where the kernel cannot watch one socket more, those who wait there are told.
    private func watch(_ side: Side) {
        do { try poller.watch(self, side) } catch { finish(side) { end($0, -Int(ENOSPC)) } }
    }

    package func cancel(_ node: NodePointer) {
        let side = side(of: node)
        change(side) { $0.remove(node) }
        if queue(side).isEmpty { poller.unwatch(self, side) }
    }

    /// The poller has seen that attempts on a side are worth while.
    package func becameReady(_ side: Side, isOdd: Bool) {
        // Where several run at once, attempts are made by the tasklets, without the lock, and always worth while.
        if poller.isOrdered { note(side, isOdd: isOdd) }
        finish(side, isOver: poller.isOrdered) { poller.isOrdered ? perform($0) : true }
        if queue(side).isEmpty {
            poller.unwatch(self, side)
        } else if descriptor.isOpen {
            watch(side)
        }
    }

    private func note(_ side: Side, isOdd: Bool) {
        if isOdd { self.isOdd = true }
        if side == .reading { isReadable = true } else { isWritable = true }
    }

    /// Lets go of those that need not wait any more, the longest first: their operation is over, or worth an attempt.
    private func finish(_ side: Side, isOver: Bool = true, _ letsGo: (NodePointer) -> Bool) {
        while let node = queue(side).first, letsGo(node) {
            change(side) { _ = $0.popFirst() }
            core.complete(node, isOver: isOver)
        }
    }

    package func close() {
        guard descriptor.isOpen else { return }
        let closed = descriptor.close()
        finish(.reading) { end($0, -Int(ECANCELED)) }
        finish(.writing) { end($0, -Int(ECANCELED)) }
        if let closed { poller.close(self, closed) }
    }

    package func finishWriting() {
        guard let number = descriptor.begin() else { return }
        linux_shut_down_writing(number)
        if let number = descriptor.end() { poller.close(self, number) }
    }

    private func side(of node: NodePointer) -> Side {
        switch node.pointee.operation {
        case .read, .accept: .reading
        case .write, .connect: .writing
        }
    }

    private func queue(_ side: Side) -> WaitQueue { side == .reading ? readers : writers }

    private func change(_ side: Side, _ body: (inout WaitQueue) -> Void) {
        if side == .reading { body(&readers) } else { body(&writers) }
    }
}
