// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
package import Tasklets

/// A socket that a poller notifies when another attempt may succeed.
package final class SocketEndpoint: Endpoint, @unchecked Sendable {
    // SAFETY: touched with the scheduler's lock held; but on a concurrent scheduler `attempt` is called without the
    // lock, and touches only the descriptor then, which is thread-safe. No access runs code that could begin another
    // one, so the runtime need not check that: its checks were a ninth of the instructions of an echo.

    /// Reads and accepts wait on one side, writes and connects on the other.
    package enum Side: Sendable { case reading, writing }

    /// The descriptor, for the poller; invalid after ``close()``.
    package let number: CInt
    private let descriptor: SharedDescriptor
    /// The poller's index for it; -1 for none.
    ///
    /// Only the poller touches it.
    @exclusivity(unchecked) package var slot = -1
    /// The scheduler that it belongs to, which outlives every stream and listener, and so every operation.
    package unowned(unsafe) let core: SchedulerCore
    private let poller: any Poller
    private let address: NetworkAddress?
    @exclusivity(unchecked) private var readers = WaitQueue()
    @exclusivity(unchecked) private var writers = WaitQueue()
    /// Whether an attempt may succeed.
    ///
    /// False after one that has emptied, or filled, the socket, until the poller reports it again; this saves a system
    /// call a message.
    @exclusivity(unchecked) private var isReadable = true
    @exclusivity(unchecked) private var isWritable = true
    /// The peer has closed its side, or the connection has failed, or carries urgent data: every attempt may succeed.
    @exclusivity(unchecked) private var isExceptional = false
    @exclusivity(unchecked) private var isConnecting = false
    /// The next read that would have to wait is to end at once.
    @exclusivity(unchecked) private var isReadInterrupted = false

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

    package var remoteAddress: NetworkAddress? {
        guard let number = descriptor.begin() else { return nil }
        defer { endUse() }
        let room = 128
        let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            count = max(0, Int(linux_remote_address(number, buffer.baseAddress, room)))
        }
        return bytes.isEmpty ? nil : NetworkAddress(bytes: bytes)
    }

    // MARK: Operations

    package func attempt(_ node: NodePointer) -> Bool {
        // Tasklets that wait already come first.
        if poller.remembersReadiness, !queue(side(of: node)).isEmpty { return false }
        return perform(node)
    }

    package func invalidateReadiness() {
        guard poller.remembersReadiness else { return }
        isReadable = true
        isWritable = true
    }

    package func takeAcknowledged() -> Int { 0 }

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

    /// Another thread may have closed it in the meantime.
    ///
    /// Any thread may ask for the port, but the poller is the scheduler's.
    private func endUse() {
        guard let number = descriptor.end() else { return }
        core.runner.perform { self.poller.close(self, number) }
    }

    private func end(_ node: NodePointer, _ result: Int) -> Bool {
        node.result = result
        return true
    }

    private func read(_ node: NodePointer) -> Bool {
        guard isReadable || isExceptional else { return false }
        let buffer = node.buffer
        let call = poller.calls.repeating(.read, upTo: buffer.count) { linux_receive(number, buffer.baseAddress, $0) }
        if call.result == -EAGAIN { return blocked(.reading, call) }
        // Less than there was room for: the socket is empty, and the kernel will report more.
        if poller.remembersReadiness, call.result >= 0, call.result < call.size { isReadable = false }
        return end(node, Int(call.result))
    }

    private func write(_ node: NodePointer) -> Bool {
        while !node.buffer.isEmpty {
            guard isWritable || isExceptional else { return false }
            let buffer = node.buffer
            let call = poller.calls.repeating(.write, upTo: buffer.count) { linux_send(number, buffer.baseAddress, $0) }
            if call.result == -EAGAIN { return blocked(.writing, call) }
            if call.result < 0 { return end(node, Int(call.result)) }
            node.advance(by: Int(call.result))
        }
        return end(node, 0)
    }

    private func accept(_ node: NodePointer) -> Bool {
        guard isReadable || isExceptional else { return false }
        let call = poller.calls.repeating(.accept) { _ in Int64(linux_accept(number)) }
        switch call.result {
        case -Int64(EAGAIN): return blocked(.reading, call)
        case ..<0: return end(node, Int(call.result))
        default:
            node.giveAccepted(SocketEndpoint(CInt(call.result), core, poller))
            return end(node, 0)
        }
    }

    private func connect(_ node: NodePointer) -> Bool {
        guard let address else { return end(node, -Int(EISCONN)) }
        if !isConnecting {
            isConnecting = true
            let call = poller.calls.repeating(.connect) { _ in
                address.bytes.withUnsafeBytes { Int64(linux_connect(number, $0.baseAddress, $0.count)) }
            }
            // Already: a signal has interrupted the first call, and the connection attempt continues.
            let isInProgress = call.result == -EINPROGRESS || call.result == -EALREADY
            return isInProgress ? blocked(.writing, call) : end(node, Int(call.result))
        }
        let result = Int64(linux_connect_result(number))
        let call = SocketCalls.Outcome(result, size: 0)
        return result == -EAGAIN ? blocked(.writing, call) : end(node, Int(result))
    }

    private func blocked(_ side: Side, _ call: SocketCalls.Outcome) -> Bool {
        guard poller.remembersReadiness else { return false }
        if side == .reading { isReadable = false } else { isWritable = false }
        // The kernel does not know of the fault, and may not report the socket again.
        if call.isInjected { core.runner.performLater { self.becameReady(side, isExceptional: false) } }
        return false
    }

    // MARK: Waiting

    package func park(_ node: NodePointer) {
        let side = side(of: node)
        change(side) { $0.append(node) }
        guard descriptor.isOpen else { return release(side) { end($0, -Int(ECANCELED)) } }
        if side == .reading, isReadInterrupted { return interruptReading() }
        watch(side)
    }

    /// Where the kernel cannot watch another socket, the operations that wait there fail.
    private func watch(_ side: Side) {
        do { try poller.watch(self, side) } catch { release(side) { end($0, -Int(ENOSPC)) } }
    }

    package func interruptReading() {
        isReadInterrupted = readers.isEmpty
        guard !readers.isEmpty else { return }
        release(.reading) { end($0, -Int(EINTR)) }
        poller.unwatch(self, .reading)
    }

    package func cancel(_ node: NodePointer) {
        let side = side(of: node)
        change(side) { $0.remove(node) }
        if queue(side).isEmpty { poller.unwatch(self, side) }
    }

    /// The poller has seen that attempts on a side are worth while.
    package func becameReady(_ side: Side, isExceptional: Bool) {
        // On a concurrent scheduler, tasklets make the attempts, without the lock.
        if poller.remembersReadiness { note(side, isExceptional: isExceptional) }
        release(side, isComplete: poller.remembersReadiness) { poller.remembersReadiness ? perform($0) : true }
        if queue(side).isEmpty {
            poller.unwatch(self, side)
        } else if descriptor.isOpen {
            watch(side)
        }
    }

    private func note(_ side: Side, isExceptional: Bool) {
        if isExceptional { self.isExceptional = true }
        if side == .reading { isReadable = true } else { isWritable = true }
    }

    /// Wakes the tasklets that need not wait any more, the oldest first: their operation has completed, or is worth
    /// another attempt.
    private func release(_ side: Side, isComplete: Bool = true, _ mayContinue: (NodePointer) -> Bool) {
        while let node = queue(side).first, mayContinue(node) {
            change(side) { _ = $0.popFirst() }
            core.complete(node, isComplete: isComplete)
        }
    }

    package func close() {
        guard descriptor.isOpen else { return }
        let closed = descriptor.close()
        release(.reading) { end($0, -Int(ECANCELED)) }
        release(.writing) { end($0, -Int(ECANCELED)) }
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
