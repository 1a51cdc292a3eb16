// SPDX-License-Identifier: Apache-2.0

public import Tasklets

/// The operations with completion handlers.
///
/// Each throws, and never calls its handler then, ``SchedulerError`` with code `deadTasklet` where the reactor has
/// stopped, and with `wrongScheduler` outside the tasklets of its scheduler. The errors that handlers get are named
/// below; each may get `deadTasklet`, too, when the reactor stops meanwhile.
extension Reactor {
    /// Calls `completion` in that long: Twisted's `callLater`.
    ///
    /// Never early. With a duration of zero or less, as soon as the reactor has a turn.
    public func after(_ delay: Duration, then completion: @escaping Completion<Void>) throws {
        try queue.beginTimer(until: .after(delay)) { try completion($0.map { _ in }) }
    }

    /// Reads what is there, at least one byte, when there is something.
    ///
    /// - Parameters:
    ///   - stream: kept open meanwhile.
    ///   - count: how many bytes to read at most.
    ///   - deadline: when the operation is given up; nil for no limit.
    ///   - completion: gets the bytes, none at the end of the stream; or ``SchedulerError`` with code `timedOut` when
    ///     the deadline has passed, and `system` when the connection has failed or was closed.
    public func read(
        _ stream: TCPStream,
        atMost count: Int = 16_384,
        deadline: ContinuousClock.Instant? = nil,
        then completion: @escaping Completion<[UInt8]>
    ) throws {
        // SAFETY: the operation owns the memory until it has ended.
        nonisolated(unsafe) let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count), alignment: 16)
        try freeing(buffer) {
            try queue.begin(.read, on: stream, buffer, until: Deadline(deadline)) { result in
                let bytes = result.map { Array(buffer.prefix($0)) }
                buffer.deallocate()
                try completion(bytes)
            }
        }
    }

    /// Writes all of the bytes.
    ///
    /// - Parameters:
    ///   - bytes: copied.
    ///   - stream: kept open meanwhile.
    ///   - deadline: when the operation is given up; nil for no limit.
    ///   - completion: called when the kernel has all bytes; or with an error as that of
    ///     ``read(_:atMost:deadline:then:)``, and then part of them may have been written.
    public func write(
        _ bytes: [UInt8],
        to stream: TCPStream,
        deadline: ContinuousClock.Instant? = nil,
        then completion: @escaping Completion<Void>
    ) throws {
        // SAFETY: as in `read`.
        nonisolated(unsafe) let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        buffer.copyBytes(from: bytes)
        try freeing(buffer) {
            try queue.begin(.write, on: stream, buffer, until: Deadline(deadline)) { result in
                buffer.deallocate()
                try completion(result.map { _ in })
            }
        }
    }

    /// Frees the buffer of an operation that has not begun.
    private func freeing(_ buffer: UnsafeMutableRawBufferPointer, _ begin: () throws -> Void) throws {
        do { try begin() } catch {
            buffer.deallocate()
            throw error
        }
    }

    /// Connects to a host, by name or address.
    ///
    /// Of several addresses each is tried when the one before has failed. Looking a name up costs a tasklet as long
    /// as it takes; an address in numbers costs none.
    ///
    /// - Parameters:
    ///   - host: a name or an address.
    ///   - port: from 1 to 65535.
    ///   - deadline: when the operation is given up; nil for no limit.
    ///   - completion: gets the connection; or ``SchedulerError`` with code `timedOut` when the deadline has passed,
    ///     and `system` when no address answers, saying what each said.
    public func connect(
        host: String,
        port: Int,
        deadline: ContinuousClock.Instant? = nil,
        then completion: @escaping Completion<TCPStream>
    ) throws {
        let connecting = Connecting(queue, "\(host):\(port)", Deadline(deadline), completion)
        if let address = NetworkAddress.numeric(host, port: port) { return try connecting.begin(with: [address]) }
        try connecting.lookUp(host, port, in: self)
    }
}

extension Reactor {
    /// Calls `completion` with what something else brings: another thread, a tasklet, or another library.
    ///
    /// Twisted's `deferToThread`, with a thread of the program's own. The operation counts as outstanding, so a
    /// tasklet that waits for it is not deadlocked.
    ///
    /// - Parameters:
    ///   - begin: begins it, and is called at once. What it is given is to be called once, from any thread, with the
    ///     result; a later call is ignored, and so is one that comes when the reactor has stopped.
    ///   - completion: gets that result.
    public func elsewhere<Value: Sendable>(
        _ begin: (_ finish: @escaping @Sendable (Result<Value, any Error>) -> Void) throws -> Void,
        then completion: @escaping Completion<Value>
    ) throws {
        let place = OneShot<Value>()
        let outside = try queue.beginOutside { result in
            if case .failure(let error) = result { place.fail(error) }
            guard let result = place.result else { return }
            try completion(result)
        }
        try begin { result in
            place.fulfill(with: result)
            outside.complete()
        }
    }
}

extension Deadline {
    /// The instant, or never for nil.
    init(_ instant: ContinuousClock.Instant?) { self = instant.map { Deadline($0) } ?? .never }
}
