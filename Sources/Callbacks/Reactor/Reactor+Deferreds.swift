// SPDX-License-Identifier: Apache-2.0

public import HTTP
public import Tasklets

/// The operations that return a deferred, which fires with what the completion handler would have got.
///
/// They throw as the others do. The deferred's name, in deadlock reports, is that of the operation.
extension Reactor {
    /// Fires in that long; see ``after(_:then:)``.
    public func after(_ delay: Duration) throws -> Deferred<Void> {
        try firing("timer") { try after(delay, then: $0) }
    }

    /// Fires with what was read; see ``read(_:atMost:deadline:then:)``.
    public func read(
        _ stream: TCPStream,
        atMost count: Int = 16_384,
        deadline: ContinuousClock.Instant? = nil
    ) throws -> Deferred<[UInt8]> {
        try firing("read") { try read(stream, atMost: count, deadline: deadline, then: $0) }
    }

    /// Fires when all bytes are written; see ``write(_:to:deadline:then:)``.
    public func write(
        _ bytes: [UInt8],
        to stream: TCPStream,
        deadline: ContinuousClock.Instant? = nil
    ) throws -> Deferred<Void> {
        try firing("write") { try write(bytes, to: stream, deadline: deadline, then: $0) }
    }

    /// Fires with a connection; see ``connect(host:port:deadline:then:)``.
    public func connect(
        host: String,
        port: Int,
        deadline: ContinuousClock.Instant? = nil
    ) throws -> Deferred<TCPStream> {
        try firing("connect") { try connect(host: host, port: port, deadline: deadline, then: $0) }
    }

    /// Fires with a page; see ``getPage(_:deadline:then:)``.
    public func getPage(_ url: String, deadline: ContinuousClock.Instant? = nil) throws -> Deferred<HTTPPage> {
        try firing("page") { try getPage(url, deadline: deadline, then: $0) }
    }

    private func firing<Value>(
        _ name: String,
        _ begin: (@escaping Completion<Value>) throws -> Void
    ) throws -> Deferred<Value> {
        let deferred = Deferred<Value>(name)
        try begin { try deferred.fire(with: $0) }
        return deferred
    }
}
