// SPDX-License-Identifier: Apache-2.0

/// One end of a connection, or a listener, as a backend keeps it.
///
/// Tasklets perform operations on it and do not wait for readiness: a backend may try, wait and try again, or hand the
/// operation to something else that completes it. The tasklet's slot describes the operation (see ``Operation``) and
/// its result; the buffer is the tasklet's, and stays where it is until the operation has completed.
@usableFromInline
package protocol Endpoint: AnyObject, Sendable {
    /// Performs the tasklet's operation as far as possible without waiting.
    ///
    /// Returns whether it has completed, with its result in the slot. Called by the tasklet, without the lock.
    func attempt(_ node: NodePointer) -> Bool

    /// Makes the next attempt ask the kernel, whatever the endpoint remembers of its readiness.
    ///
    /// While no tasklet waits, a backend need not tell the endpoint of what arrives. Called as ``attempt(_:)`` is.
    func invalidateReadiness()

    /// How many bytes the peer has acknowledged since this was last called; 0 where an attempt itself says how far a
    /// write has come. Called as ``attempt(_:)`` is.
    func takeAcknowledged() -> Int

    /// Keeps the tasklet, whose attempt would have had to wait, until the operation has completed or is worth another
    /// attempt; then calls ``SchedulerCore/complete(_:isComplete:)``.
    ///
    /// With the lock held; the tasklet has left the run queue, and is about to leave the processor.
    func park(_ node: NodePointer)

    /// Forgets a tasklet that something else wakes.
    ///
    /// With the lock held.
    func cancel(_ node: NodePointer)

    /// Ends all operations in progress with `ECANCELED`, and closes the descriptor.
    ///
    /// With the lock held. May be called again.
    func close()

    /// Shuts the sending side down; the peer receives what was written before, and then the end of the stream.
    ///
    /// With the lock held.
    func finishWriting()

    /// Ends the read that waits, or the next one that would have to, with `EINTR`; later reads are not affected.
    ///
    /// A read that has completed already is not undone, even if its tasklet has not seen the result yet. With the lock
    /// held.
    func interruptReading()

    /// The port at this end.
    var localPort: Int { get }

    /// The address of the other end; nil where it is not known, and for a listener.
    ///
    /// Called by a tasklet, without the lock.
    var remoteAddress: NetworkAddress? { get }
}

/// An endpoint in a box, which a waiting tasklet can name in one word.
final class EndpointBox: Sendable {
    let endpoint: any Endpoint

    init(_ endpoint: any Endpoint) { self.endpoint = endpoint }
}

/// What opens endpoints: a backend's way to the network.
@usableFromInline
package protocol Network: AnyObject, Sendable {
    /// Makes a listener.
    ///
    /// Throws ``SchedulerError`` with code `system`.
    func listen(_ address: NetworkAddress) throws -> any Endpoint

    /// Makes an endpoint that is not connected yet; the operation `connect` is to be performed on it.
    ///
    /// Throws ``SchedulerError`` with code `system`.
    func stream(to address: NetworkAddress) throws -> any Endpoint
}

/// The address of a TCP endpoint, in the form that the kernel takes.
@usableFromInline
package struct NetworkAddress: Sendable {
    /// A `sockaddr_in` or `sockaddr_in6`.
    package var bytes: [UInt8]
    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// `AF_INET` or `AF_INET6`.
    var family: UInt16 { bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt16.self) } }

    /// The same address with another port, which is in the same place in both families.
    package func with(port: Int) -> NetworkAddress {
        var address = self
        address.bytes[2] = UInt8(truncatingIfNeeded: port >> 8)
        address.bytes[3] = UInt8(truncatingIfNeeded: port)
        return address
    }
}

/// An operation of a tasklet on an endpoint.
@usableFromInline
package enum Operation: UInt8, Sendable {
    /// Into a buffer; the result is how many bytes, 0 at the end of the stream.
    case read
    /// All of a buffer; the result is 0.
    case write
    /// The result is 0, with the new endpoint in the slot.
    case accept
    /// The result is 0.
    case connect
}

/// An operation's description and result, in the slot of the tasklet that performs it.
extension UnsafeMutablePointer<Node> {
    /// What is left of the buffer.
    package var buffer: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(
            start: UnsafeMutableRawPointer(bitPattern: pointee.slot.words.0),
            count: Int(bitPattern: pointee.slot.words.1)
        )
    }

    /// The result: not negative, as the operation says; or a negated errno.
    package var result: Int {
        get { Int(bitPattern: pointee.slot.words.2) }
        nonmutating set { pointee.slot.words.2 = UInt(bitPattern: newValue) }
    }

    /// Takes bytes that are done off the front of the buffer.
    package func advance(by count: Int) {
        pointee.slot.words.0 += UInt(bitPattern: count)
        pointee.slot.words.1 -= UInt(bitPattern: count)
    }

    func prepare(_ operation: Operation, _ buffer: UnsafeMutableRawBufferPointer) {
        pointee.operation = operation
        pointee.slot.words.0 = UInt(bitPattern: buffer.baseAddress)
        pointee.slot.words.1 = UInt(bitPattern: buffer.count)
    }

    /// The endpoint that the tasklet waits at, which it keeps alive.
    package var endpoint: (any Endpoint)? {
        pointee.awaited.map { Unmanaged<EndpointBox>.fromOpaque($0).takeUnretainedValue().endpoint }
    }

    /// Stores the connection that ``Operation/accept`` has accepted.
    package func giveAccepted(_ endpoint: any Endpoint) {
        slotAddress.initializeMemory(as: (any Endpoint).self, to: endpoint)
    }

    /// The connection that ``Operation/accept`` has accepted.
    func takeAccepted() -> any Endpoint { slotAddress.assumingMemoryBound(to: (any Endpoint).self).move() }
}
