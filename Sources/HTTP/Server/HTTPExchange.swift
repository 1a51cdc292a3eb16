// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
internal import Tasklets

/// A request, and the response to it.
///
/// A connection has one, which is used for one request after another; it is the handler's until that returns, and to be
/// used by the handler's tasklet alone.
public final class HTTPExchange: @unchecked Sendable {
    // SAFETY: everything is touched by the connection's tasklet alone, except `stream`, which is made for more, `idle`,
    // and `tasklet`, which is touched with the server's lock held.
    let stream: TCPStream
    unowned let server: HTTPServer
    /// The rest of this and the beginning of the next requests, from the head's first byte on: places in the head hold as
    /// long as it is being answered.
    var input = ByteBuffer(usualCapacity: 128)
    var output = ByteBuffer(usualCapacity: 0)
    var parser: RequestParser
    var head: RequestHead?
    var body = BodyReading()
    var response = ResponseState.none
    /// Whether the response, once it has begun, may have a body.
    var sendsBody = true
    var keepsAlive = true
    /// Sending has failed, perhaps within a message, or receiving: there is no way to go on.
    var hasFailed = false
    var counters = HTTPServerCounters()
    var date = HTTPDate(seconds: 0)
    let idle = Atomic<Bool>(false)
    /// The one that serves the connection, while it does.
    var tasklet: Tasklet?

    /// How far the response has got.
    enum ResponseState {
        case none
        /// A body of unknown length follows: in chunks, or until the connection is closed.
        case streaming(isChunked: Bool)
        /// A body follows whose length was announced: so many bytes of it are still to come.
        case sized(left: Int)
        case complete
        /// The handler has ended a body before all came of it that was announced.
        case cutShort
    }

    init(_ stream: TCPStream, _ server: HTTPServer) {
        self.stream = stream
        self.server = server
        parser = RequestParser(limits: server.options.limits)
    }

    /// Whether it waits for the first byte of a request.
    var isIdle: Bool { idle.load(ordering: .sequentiallyConsistent) }

    private var request: RequestHead {
        guard let head else { fatalError("an HTTP exchange is its handler's until that returns, and not longer") }
        return head
    }

    // MARK: The request

    /// The method's name: `GET`.
    public var method: String { String(decoding: input.bytes[request.methodName], as: UTF8.self) }

    /// The target's path, as it was sent: `/index.html`.
    public var path: String { String(decoding: input.bytes[pathRange], as: UTF8.self) }

    /// The target's query, without its question mark.
    public var query: String? {
        request.query(in: input.bytes.bytes).map { String(decoding: input.bytes[$0], as: UTF8.self) }
    }

    /// The value of the first field of that name, which is given in lower case.
    public func field(_ name: StaticString) -> String? {
        request.fields.first(name, in: input.bytes.bytes).map { String(decoding: input.bytes[$0], as: UTF8.self) }
    }

    /// Whether the method and the path are these; allocates nothing.
    package func asks(_ method: HTTPMethod, for path: StaticString) -> Bool {
        request.method == method && input.bytes.bytes.isExactly(path, at: pathRange)
    }

    private var pathRange: Range<Int> { request.path(in: input.bytes.bytes) }
}
