// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import SchedulerSupport
internal import Tasklets

/// Bytes that a stream takes before the kernel has them.
private let limit = 1 << 16

extension RingStream {
    /// Returns whether the operation has completed: all its bytes are the stream's.
    func write(_ node: NodePointer) -> Bool {
        while true {
            if let failure { return finish(node, failure) }
            if isFinished { return finish(node, -Int(EPIPE)) }
            if node.buffer.isEmpty { return finish(node, 0) }
            var room = limit - leaving.count - pending.count
            if room <= 0 { return false }
            switch network.fault(.write) {
            case .failure(let code): return finish(node, code)
            case .nothingYet: return writeLater()
            case .limit(let limit): room = min(room, limit)
            case nil: break
            }
            take(room, from: node)
        }
    }

    private func writeLater() -> Bool {
        network.core.runner.performLater { self.serveWriters() }
        return false
    }

    private func take(_ room: Int, from node: NodePointer) {
        let bytes = UnsafeRawBufferPointer(rebasing: node.buffer.prefix(room))
        pending.append(bytes)
        node.advance(by: bytes.count)
        sendOn()
    }

    /// Stops sending once everything is sent.
    func finishWriting() {
        guard isOpen, !isFinished else { return }
        isFinished = true
        // What the end of an earlier run has held up.
        sendOn()
        if isSending { network.ring?.submit() } else if hasSentAll { linux_shut_down_writing(number) }
    }

    // MARK: The kernel

    /// Has the kernel send what there is, unless it does.
    func sendOn() {
        guard !isSending, let ring = network.ring else { return }
        if leaving.isEmpty { swap(&leaving, &pending) }
        guard !leaving.isEmpty else { return }
        isSending = true
        ring.send(self, number, leaving.bytes)
    }

    func didSend(_ result: Int) {
        isSending = false
        if result >= 0 {
            leaving.removeFirst(result)
        } else if ![-Int(ECANCELED), -Int(EINTR), -Int(EAGAIN)].contains(result) {
            fail(result)
        }
        sendOn()
        if hasSentAll { sentAll() } else if closesWhenSent, network.ring == nil { giveUpSending() }
        serveWriters()
    }

    var hasSentAll: Bool { leaving.isEmpty && pending.isEmpty }

    private func sentAll() {
        if isOpen, isFinished { linux_shut_down_writing(number) }
        if closesWhenSent { closeAfterSending() }
    }

    /// The run has ended, and the peer of a closed stream has not taken everything: it gets a reset, and no end that
    /// looks like the stream's.
    private func giveUpSending() {
        linux_reset_on_close(number)
        closeAfterSending()
    }

    private func fail(_ code: Int) {
        failure = code
        leaving.removeAll()
        pending.removeAll()
    }
}
