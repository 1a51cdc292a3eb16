// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import SchedulerSupport
internal import Tasklets

/// A listener: one operation accepts connection after connection; a connection that no tasklet has taken waits here.
///
/// When ``limit`` connections wait, the operation is cancelled, and further ones wait in the kernel's queue.
final class RingListener: RingEndpoint, Endpoint, @unchecked Sendable {
    // SAFETY: as of the superclass.
    private var acceptors = WaitQueue()
    private var accepted: [RingStream] = []
    private var isAccepting = false
    private var isStopping = false
    /// The negated errno that the next accept ends with.
    private var failure: Int?

    /// Connections kept beyond which the kernel does not accept more.
    private static let limit = 64

    // MARK: Operations

    /// Tasklets that wait already come first.
    func attempt(_ node: NodePointer) -> Bool { acceptors.isEmpty && perform(node) }

    /// The kernel reports every connection.
    func invalidateReadiness() {}

    func takeAcknowledged() -> Int { 0 }

    func park(_ node: NodePointer) {
        acceptors.append(node)
        acceptOn()
    }

    func cancel(_ node: NodePointer) { acceptors.remove(node) }

    func finishWriting() {}

    func interruptReading() {}

    func close() {
        guard isOpen else { return }
        let closed = descriptor.close()
        serve(&acceptors, perform)
        for stream in accepted { stream.close() }
        accepted.removeAll()
        if closed != nil { closeDescriptor() }
    }

    override func closeDescriptor() {
        guard let ring = network.ring else { return linux_close(number) }
        if isAccepting { ring.cancel(.accept, of: self) }
        ring.close(number)
        ring.submit()
    }

    /// Returns whether the operation has completed.
    private func perform(_ node: NodePointer) -> Bool {
        guard isOpen else { return finish(node, -Int(ECANCELED)) }
        guard node.pointee.operation == .accept else { return finish(node, -Int(ENOTCONN)) }
        switch network.fault(.accept) {
        case .failure(let code): return finish(node, code)
        case .nothingYet: return tryLater()
        case .limit, nil: break
        }
        if !accepted.isEmpty {
            node.giveAccepted(accepted.removeFirst())
            return finish(node, 0)
        }
        return failure.take().map { finish(node, $0) } ?? false
    }

    private func tryLater() -> Bool {
        network.core.runner.performLater { self.serve(&self.acceptors, self.perform) }
        return false
    }

    // MARK: The kernel

    private func acceptOn() {
        guard let ring = network.ring, isOpen, !isAccepting, !acceptors.isEmpty, accepted.count < Self.limit else {
            return
        }
        isAccepting = true
        ring.accept(self, number)
    }

    override func completed(_ kind: Ring.Kind, _ result: Int, _ bytes: UnsafeRawBufferPointer, isLast: Bool) {
        if isLast {
            isAccepting = false
            isStopping = false
        }
        if result >= 0 { keep(CInt(result)) } else { noteFailure(result) }
        serve(&acceptors, perform)
        acceptOn()
    }

    private func keep(_ connection: CInt) {
        guard isOpen else { return linux_close(connection) }
        accepted.append(RingStream(connection, network))
        guard accepted.count >= Self.limit, isAccepting, !isStopping, let ring = network.ring else { return }
        isStopping = true
        ring.cancel(.accept, of: self)
    }

    private func noteFailure(_ code: Int) {
        guard isOpen, ![-Int(ECANCELED), -Int(EINTR), -Int(EAGAIN)].contains(code) else { return }
        failure = code
    }
}
