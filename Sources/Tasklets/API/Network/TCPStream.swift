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

    /// Connects to a host, by name or address; of several addresses, the first that answers.
    ///
    /// - Throws: ``SchedulerError`` with code `timedOut` when the deadline has passed, and with `system` when no
    ///   address answers, saying what each said; or what was thrown into the tasklet while it waited.
    public static func connect(
        host: String,
        port: Int,
        deadline: ContinuousClock.Instant? = nil
    ) async throws -> TCPStream {
        let me = Tasklet.currentNode
        let context = CallContext(isolation: #isolation)
        let core = me.pointee.owner.pointee.core
        let deadline = deadline.map { Deadline($0) } ?? .never
        var failures: [String] = []
        for address in try await NameService.addresses(of: host, port: port, until: deadline) {
            let stream: TCPStream
            do {
                stream = TCPStream(try core.driver.network(for: core).stream(to: address), core)
            } catch let error as SchedulerError where error.isShortage {
                // Another address needs a descriptor as well.
                throw error
            } catch {
                failures.append("\(error)")
                continue
            }
            let nothing = UnsafeMutableRawBufferPointer(start: nil, count: 0)
            let result = try await me.tryToPerform(.connect, on: stream.box, nothing, until: deadline, context)
            if result >= 0 { return stream }
            failures.append(SchedulerError.failed(.connect, errno: -result).message)
        }
        throw SchedulerError(.system, "connect to \(host):\(port): \(failures.joined(separator: "; "))")
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
        let me = try caller()
        let deadline = deadline.map { Deadline($0) } ?? .never
        return try await me.perform(.read, on: box, buffer, until: deadline, CallContext(isolation: #isolation))
    }

    /// Reads what is there, without waiting.
    ///
    /// The kernel is asked once; a backend that reads by itself, such as NIO, returns what it has read so far.
    ///
    /// - Returns: how many bytes; 0 at the end of the stream; nil where nothing has come, or others wait to read it.
    /// - Throws: ``SchedulerError`` with code `system` when the connection has failed or was closed.
    package func readAtOnce(into buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        let me = try caller()
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
        let me = try caller()
        let deadline = deadline.map { Deadline($0) } ?? .never
        let buffer = UnsafeMutableRawBufferPointer(mutating: bytes)
        _ = try await me.perform(.write, on: box, buffer, until: deadline, CallContext(isolation: #isolation))
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

    func caller() throws -> NodePointer { try core.caller(of: "the stream") }
}

extension SchedulerCore {
    /// The calling tasklet, which has to be one of this scheduler's.
    func caller(of what: String) throws -> NodePointer {
        let me = Tasklet.currentNode
        guard me.pointee.owner == state else {
            throw SchedulerError(.wrongScheduler, "\(what) belongs to another scheduler than the tasklet that used it")
        }
        return me
    }
}
