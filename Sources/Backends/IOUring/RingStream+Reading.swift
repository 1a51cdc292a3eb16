// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import SchedulerSupport
internal import Tasklets

/// Bytes kept for readers beyond which the kernel is not to receive more.
///
/// What it has received when it learns of that is kept as well: one batch at most, which fills the ring's buffers.
private let limit = 1 << 16

extension RingStream {
    /// Returns whether the operation has completed.
    func read(_ node: NodePointer) -> Bool {
        if node.buffer.isEmpty { return finish(node, 0) }
        var buffer = node.buffer
        switch network.fault(.read) {
        case .failure(let code): return finish(node, code)
        case .nothingYet: return readLater()
        case .limit(let limit): buffer = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(limit))
        case nil: break
        }
        if received.isEmpty, end == nil, asksKernel, let result = receiveAtOnce(into: buffer) {
            return finish(node, result)
        }
        if !received.isEmpty { return finish(node, received.move(to: buffer)) }
        return end.map { finish(node, $0) } ?? false
    }

    private func readLater() -> Bool {
        network.core.runner.performLater { self.serveReaders() }
        return false
    }

    /// Has the kernel complete what it can; and where it does not receive for the stream, receives without it.
    ///
    /// Nil where nothing has come that way.
    private func receiveAtOnce(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        asksKernel = false
        if isReceiving { network.ring?.catchUp() }
        guard !isReceiving, received.isEmpty, end == nil else { return nil }
        while true {
            network.calls.receives += 1
            let count =
                TracedCalls.areOn
                ? TracedCalls.record("recv") { linux_receive(number, buffer.baseAddress, buffer.count) }
                : linux_receive(number, buffer.baseAddress, buffer.count)
            if count == -Int64(EINTR) { continue }
            return count == -Int64(EAGAIN) ? nil : Int(count)
        }
    }

    // MARK: The kernel

    /// Has the kernel receive on while tasklets wait.
    ///
    /// It goes on when they do not: that ends only at the limit, or when the ring's buffers have run out.
    func receiveOn() {
        guard !isReceiving, !readers.isEmpty, end == nil, isOpen, let ring = network.ring else { return }
        isReceiving = true
        ring.receive(self, number)
    }

    func didReceive(_ result: Int, _ bytes: UnsafeRawBufferPointer, _ isLast: Bool) {
        if isLast {
            isReceiving = false
            isStopping = false
        }
        if result > 0 {
            keep(give(bytes))
        } else if ![-Int(ENOBUFS), -Int(ECANCELED), -Int(EINTR), -Int(EAGAIN)].contains(result) {
            inputEnded(result)
        }
        serveReaders()
        receiveOn()
    }

    /// After a failure, which the kernel reports once, there is nothing left to write to either.
    private func inputEnded(_ result: Int) {
        end = end ?? result
        guard result < 0 else { return }
        failure = failure ?? -Int(EPIPE)
        serveWriters()
    }

    /// Gives what has arrived to the tasklet that waits for it, and returns the rest.
    private func give(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard received.isEmpty, !network.injectsFaults, let node = readers.popFirst() else { return bytes }
        let count = min(bytes.count, node.buffer.count)
        node.buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        node.result = count
        network.core.complete(node, isComplete: true)
        return UnsafeRawBufferPointer(rebasing: bytes[count...])
    }

    private func keep(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty, isOpen else { return }
        received.append(bytes)
        guard received.count >= limit, isReceiving, !isStopping, let ring = network.ring else { return }
        isStopping = true
        ring.cancel(.receive, of: self)
    }
}
