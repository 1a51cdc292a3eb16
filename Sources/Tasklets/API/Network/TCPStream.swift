// SPDX-License-Identifier: Apache-2.0

/// A TCP connection, read and written by tasklets of one scheduler.
///
/// An operation looks as if it blocked: its tasklet waits, and all others run. Killing a tasklet ends its wait; closing
/// the stream ends every wait at it, with an error. One tasklet may read while another writes. Several readers, or
/// writers, take turns, each with a whole operation; but on a concurrent scheduler, what several write at once mixes.
public final class TCPStream: Sendable {
    let box: EndpointBox
    let core: SchedulerCore

    init(_ endpoint: any Endpoint, _ core: SchedulerCore) {
        box = EndpointBox(endpoint)
        self.core = core
    }

    /// Dropping the last reference closes the connection.
    deinit { core.close(box.endpoint) }

    /// Makes a stream that is yet to be connected to an address.
    ///
    /// Traps outside any tasklet. Throws ``SchedulerError`` with code `system`.
    package init(to address: NetworkAddress) throws {
        core = Tasklet.callingNode.pointee.owner.pointee.core
        box = EndpointBox(try core.driver.network(for: core).stream(to: address))
    }

    /// Connects to a host, by name or address.
    ///
    /// Of several addresses, the first that answers: each has a quarter of a second before the next one is tried at the
    /// same time, in a tasklet named `connect` (RFC 8305). A name that cannot be looked up by the deadline is still
    /// being looked up after it; at most 32 names are at the same time, and further ones wait.
    ///
    /// - Throws: ``SchedulerError`` with code `timedOut` when the deadline has passed, and with `system` when no
    ///   address answers, saying what each said; or what was thrown into the tasklet while it waited.
    public static func connect(
        host: String,
        port: Int,
        deadline: ContinuousClock.Instant? = nil
    ) async throws -> TCPStream {
        guard let core = Tasklet.currentNode()?.pointee.owner.pointee.core else {
            return try await SchedulerCore.atHome { try await connect(host: host, port: port, deadline: deadline) }
        }
        let deadline = deadline.map { Deadline($0) } ?? .never
        let addresses = try await core.names.addresses(of: host, port: port, until: deadline)
        return try await ConnectionRace().winner(among: addresses, of: "\(host):\(port)", until: deadline)
    }

    /// Connects to the address that the stream was made for; returns nil, or why that has failed.
    ///
    /// Called at home.
    package func connect(until deadline: Deadline) async throws -> String? {
        guard let me = try caller() else { throw SchedulerError.outsideTasklets("the stream") }
        let nothing = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        let result = try await me.tryToPerform(.connect, on: box, nothing, until: deadline, .async)
        return result < 0 ? SchedulerError.failed(.connect, errno: -result).message : nil
    }

    /// Reads what is there, at least one byte, waiting for it if need be.
    ///
    /// - Returns: how many bytes; 0 at the end of the stream.
    /// - Throws: ``SchedulerError`` with code `timedOut` when the deadline has passed, and with `system` when the
    ///   connection has failed or was closed; or what was thrown into the tasklet while it waited.
    public func read(
        into buffer: UnsafeMutableRawBufferPointer,
        deadline: ContinuousClock.Instant? = nil
    ) async throws -> Int {
        guard let me = try caller() else {
            nonisolated(unsafe) let buffer = buffer
            return try await SchedulerCore.atHome { try await self.read(into: buffer, deadline: deadline) }
        }
        let deadline = deadline.map { Deadline($0) } ?? .never
        return try await me.perform(.read, on: box, buffer, until: deadline, .async)
    }

    /// Reads what is there, without waiting.
    ///
    /// The kernel is asked once.
    ///
    /// - Returns: how many bytes; 0 at the end of the stream; nil where nothing has come, or others wait to read it.
    /// - Throws: ``SchedulerError`` with code `system` when the connection has failed or was closed.
    package func readAtOnce(into buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        guard let me = try caller() else { throw SchedulerError.outsideTasklets("the stream") }
        me.prepare(.read, buffer)
        box.endpoint.invalidateReadiness()
        guard box.endpoint.attempt(me) else { return nil }
        guard me.result >= 0 else { throw SchedulerError.failed(.read, errno: -me.result) }
        return me.result
    }

    /// Writes all of the bytes, waiting for room if need be.
    ///
    /// - Throws: as ``read(into:deadline:)``; then part of the bytes may have been written.
    public func write(_ bytes: UnsafeRawBufferPointer, deadline: ContinuousClock.Instant? = nil) async throws {
        guard let me = try caller() else {
            nonisolated(unsafe) let bytes = bytes
            return try await SchedulerCore.atHome { try await self.write(bytes, deadline: deadline) }
        }
        let deadline = deadline.map { Deadline($0) } ?? .never
        let buffer = UnsafeMutableRawBufferPointer(mutating: bytes)
        _ = try await me.perform(.write, on: box, buffer, until: deadline, .async)
    }

    /// Shuts the sending side down: the peer reads the end of the stream after what was written before.
    ///
    /// Reads continue; writes fail from now on. May be called again.
    public func finishWriting() {
        let endpoint = box.endpoint
        core.runner.perform { endpoint.finishWriting() }
    }

    /// Closes the connection; operations in progress throw.
    ///
    /// May be called again.
    public func close() { core.close(box.endpoint) }

    /// The port at this end.
    public var localPort: Int { box.endpoint.localPort }

    func caller() throws -> NodePointer? { try core.caller(of: "the stream") }
}

extension SchedulerCore {
    /// The calling tasklet, which has to be one of this scheduler's; nil where it is not at home, and outside any.
    func caller(of what: String) throws -> NodePointer? {
        guard let me = Tasklet.currentNode() else { return nil }
        guard me.pointee.owner == state else {
            throw SchedulerError(.wrongScheduler, "\(what) belongs to another scheduler than the tasklet that used it")
        }
        return me
    }
}
