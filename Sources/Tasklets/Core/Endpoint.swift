// SPDX-License-Identifier: Apache-2.0

/// One end of a connection, or a listener, as a backend keeps it.
///
/// What tasklets do with it are operations, not waits for readiness: a backend may try, wait and try again, or hand the
/// operation to something else that completes it. The operation is described in the tasklet's hand (see `Operation`),
/// and so is its result; the buffer is the tasklet's, and stays where it is until the operation is over.
@usableFromInline
package protocol Endpoint: AnyObject, Sendable {
    /// Performs the tasklet's operation as far as that goes without waiting.
    ///
    /// Returns whether it is over, with its result in the hand. Called by the tasklet, without the lock.
    func attempt(_ node: NodePointer) -> Bool

    /// Has the next attempt ask the kernel, whatever is noted of its side.
    ///
    /// Where nobody waits, nobody may tell the endpoint of what comes. Called as ``attempt(_:)`` is.
    func distrustNotes()

    /// Keeps the tasklet, whose attempt has failed, until the operation is over or worth another attempt; then calls
    /// ``SchedulerCore/complete(_:isOver:)``.
    ///
    /// With the lock held, where there is one; the tasklet has left the ring, and is about to leave the processor.
    func park(_ node: NodePointer)

    /// Lets go of a tasklet that something else wakes.
    ///
    /// With the lock held, where there is one.
    func cancel(_ node: NodePointer)

    /// Ends all operations in progress with `ECANCELED`, and gives the descriptor up.
    ///
    /// With the lock held, where there is one. May be called again.
    func close()

    /// Tells the peer that nothing more will be written; what was written before arrives.
    ///
    /// In the scheduler's order, or with its lock held.
    func finishWriting()

    /// The port at this end.
    var localPort: Int { get }
}

extension Endpoint {
    /// One that is told of everything has nothing to distrust.
    package func distrustNotes() {}
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
}

/// What a tasklet does with an endpoint.
@usableFromInline
package enum Operation: UInt8, Sendable {
    /// Into a buffer; the result is how many bytes, 0 at the end of the stream.
    case read
    /// All of a buffer; the result is 0.
    case write
    /// The result is 0, and the new endpoint in the hand too.
    case accept
    /// The result is 0.
    case connect
}

/// An operation's description and result, in the hand of the tasklet that performs it.
extension UnsafeMutablePointer<Node> {
    /// What is left of the buffer.
    package var buffer: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(
            start: UnsafeMutableRawPointer(bitPattern: pointee.hand.words.0),
            count: Int(bitPattern: pointee.hand.words.1)
        )
    }

    /// What came out of it: not negative, as the operation says; or a negated errno.
    package var result: Int {
        get { Int(bitPattern: pointee.hand.words.2) }
        nonmutating set { pointee.hand.words.2 = UInt(bitPattern: newValue) }
    }

    /// Part of the buffer is done with.
    package func advance(by count: Int) {
        pointee.hand.words.0 += UInt(bitPattern: count)
        pointee.hand.words.1 -= UInt(bitPattern: count)
    }

    func describe(_ operation: Operation, _ buffer: UnsafeMutableRawBufferPointer) {
        pointee.operation = operation
        pointee.hand.words.0 = UInt(bitPattern: buffer.baseAddress)
        pointee.hand.words.1 = UInt(bitPattern: buffer.count)
    }

    /// The endpoint that the tasklet waits at, which it keeps alive.
    package var endpoint: (any Endpoint)? {
        pointee.awaited.map { Unmanaged<EndpointBox>.fromOpaque($0).takeUnretainedValue().endpoint }
    }

    /// Leaves what ``Operation/accept`` has brought in the hand.
    package func giveAccepted(_ endpoint: any Endpoint) {
        handAddress.initializeMemory(as: (any Endpoint).self, to: endpoint)
    }

    /// What ``Operation/accept`` has brought.
    func takeAccepted() -> any Endpoint { handAddress.assumingMemoryBound(to: (any Endpoint).self).move() }
}
