// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import SchedulerSupport
internal import Tasklets

/// A connection.
///
/// One operation receives, message after message, into the ring's buffers; what no tasklet waits for is kept here. One
/// operation sends at a time, from memory of the stream's; a write has completed when its bytes are in there, as it has
/// elsewhere when they are in the socket's buffer. They leave when the loop next enters the kernel, and closing the
/// stream, or the end of the run, waits until they have.
final class RingStream: RingEndpoint, Endpoint, @unchecked Sendable {
    // SAFETY: as of the superclass. No access runs code that could begin another one, so the runtime need not check that.
    @exclusivity(unchecked) var readers = WaitQueue()
    @exclusivity(unchecked) var writers = WaitQueue()

    // Reading
    @exclusivity(unchecked) var received: ByteQueue
    @exclusivity(unchecked) var isReceiving = false
    @exclusivity(unchecked) var isStopping = false
    /// The negated errno that reads end with once all received bytes are read; 0 for the end of the stream.
    @exclusivity(unchecked) var end: Int?
    /// The next attempt to read asks the kernel what has arrived.
    @exclusivity(unchecked) var asksKernel = false
    /// The next read that would have to wait is to end at once.
    @exclusivity(unchecked) var isReadInterrupted = false

    // Writing
    /// What the kernel has, while ``isSending``.
    @exclusivity(unchecked) var leaving: ByteQueue
    /// What follows that.
    @exclusivity(unchecked) var pending: ByteQueue
    @exclusivity(unchecked) var isSending = false
    @exclusivity(unchecked) var isFinished = false
    /// The negated errno that writes end with.
    @exclusivity(unchecked) var failure: Int?
    /// The descriptor is to be closed once everything is sent.
    @exclusivity(unchecked) var closesWhenSent = false
    /// How many bytes the peer had acknowledged at the last look.
    private var acknowledged: UInt64 = 0

    // Connecting
    private var address: ByteQueue
    private var isConnecting = false
    /// The result of connecting: 0, or a negated errno.
    private var connectResult: Int?

    init(_ number: CInt, _ network: RingNetwork, to address: NetworkAddress? = nil) {
        received = ByteQueue(network.retire)
        leaving = ByteQueue(network.retire)
        pending = ByteQueue(network.retire)
        self.address = ByteQueue(network.retire)
        super.init(number, network)
        address?.bytes.withUnsafeBytes { self.address.append($0) }
    }

    // MARK: Operations

    /// Tasklets that wait already come first.
    func attempt(_ node: NodePointer) -> Bool {
        defer { asksKernel = false }
        return (isWriter(node) ? writers : readers).isEmpty && perform(node)
    }

    func invalidateReadiness() { asksKernel = true }

    /// An attempt to write says how much is in the stream's memory, and not how much the peer takes.
    func takeAcknowledged() -> Int {
        guard let total = use({ linux_acknowledged($0) }), total > acknowledged else { return 0 }
        defer { acknowledged = total }
        return Int(total - acknowledged)
    }

    func park(_ node: NodePointer) {
        guard !isWriter(node) else { return writers.append(node) }
        readers.append(node)
        if isReadInterrupted { interruptReading() } else { receiveOn() }
    }

    /// What the kernel does for the tasklet goes on: what arrives is kept.
    func cancel(_ node: NodePointer) { if isWriter(node) { writers.remove(node) } else { readers.remove(node) } }

    func interruptReading() {
        isReadInterrupted = readers.isEmpty
        serve(&readers) { finish($0, -Int(EINTR)) }
    }

    private func isWriter(_ node: NodePointer) -> Bool {
        node.pointee.operation == .write || node.pointee.operation == .connect
    }

    /// Returns whether the operation has completed.
    private func perform(_ node: NodePointer) -> Bool {
        guard isOpen else { return finish(node, -Int(ECANCELED)) }
        switch node.pointee.operation {
        case .read: return read(node)
        case .write: return write(node)
        case .connect: return connect(node)
        case .accept: return finish(node, -Int(EINVAL))
        }
    }

    func serveReaders() { serve(&readers) { perform($0) } }

    func serveWriters() { serve(&writers) { perform($0) } }

    override func completed(_ kind: Ring.Kind, _ result: Int, _ bytes: UnsafeRawBufferPointer, isLast: Bool) {
        switch kind {
        case .receive: didReceive(result, bytes, isLast)
        case .send: didSend(result)
        default: didConnect(result)
        }
    }

    // MARK: Connecting

    private func connect(_ node: NodePointer) -> Bool {
        if address.isEmpty { return finish(node, -Int(EISCONN)) }
        if !isConnecting {
            isConnecting = true
            if let fault = network.fault(.connect), case .failure(let code) = fault { connectResult = code }
            if connectResult == nil { startToConnect() }
        }
        return connectResult.map { finish(node, $0) } ?? false
    }

    private func startToConnect() { network.ring?.connect(self, number, address.bytes) }

    private func didConnect(_ result: Int) {
        if result == -Int(EINTR), isOpen { return startToConnect() }
        connectResult = result
        serveWriters()
    }

    // MARK: Closing

    func close() {
        guard isOpen else { return }
        // What has arrived, and is not read, makes the kernel reset the connection: to know, it is received first.
        if isReceiving { network.ring?.catchUp() }
        let closed = descriptor.close()
        serveReaders()
        serveWriters()
        // The kernel does not know that they were not read.
        if !received.isEmpty { linux_reset_on_close(number) }
        received.removeAll()
        if closed != nil { closeDescriptor() }
    }

    /// What was written is sent first, if the kernel has room for it at once; else the descriptor is closed later.
    override func closeDescriptor() {
        guard let ring = network.ring else {
            if !hasSentAll { linux_reset_on_close(number) }
            return linux_close(number)
        }
        if isReceiving { ring.cancel(.receive, of: self) }
        if isConnecting, connectResult == nil { ring.cancel(.connect, of: self) }
        // What the end of an earlier run has held up.
        sendOn()
        guard isSending else { return closeNow(ring) }
        closesWhenSent = true
        ring.catchUp()
        if closesWhenSent { linux_limit_unacknowledged(number, Self.patience) }
    }

    /// How long a peer may take nothing of what was sent to it before the stream was closed, in milliseconds.
    private static let patience: UInt32 = 60_000

    /// The rest of a ``closeDescriptor()`` that had to wait.
    func closeAfterSending() {
        closesWhenSent = false
        if let ring = network.ring { closeNow(ring) } else { linux_close(number) }
    }

    private func closeNow(_ ring: Ring) {
        ring.close(number)
        ring.submit()
    }
}
