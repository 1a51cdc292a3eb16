// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
internal import Tasklets

/// A request and its response.
///
/// Each connection has one exchange and reuses it for every request. It belongs to the handler until the handler
/// returns, and only the handler's tasklet may use it.
public final class HTTPExchange: @unchecked Sendable {
    // SAFETY: only the connection's tasklet touches the state, except `stream`, `idleSince` and `mustEnd`, which are
    // thread-safe, and `tasklet`, which the server's lock guards. No access runs code that could begin another one, so
    // the runtime need not check that, about forty times a request.
    let stream: TCPStream
    let server: HTTPServer
    /// Where the connection comes from, if the server counts that.
    let client: ClientNetwork?
    /// The unread input, from the first byte of the current head on: ranges in the head index it until the response
    /// ends.
    @exclusivity(unchecked) var input = ByteBuffer(usualCapacity: 128)
    @exclusivity(unchecked) var output = ByteBuffer(usualCapacity: 0)
    /// Replies that precede `output`, while a handler runs; nil until the client sends requests ahead.
    @exclusivity(unchecked) var held: HeldReplies?
    @exclusivity(unchecked) var parser: RequestParser
    @exclusivity(unchecked) var head: RequestHead?
    @exclusivity(unchecked) var body = BodyProgress()
    @exclusivity(unchecked) var response = ResponseState.none
    /// The lines of the fields that the handler has added to the response.
    @exclusivity(unchecked) var responseFields: [UInt8] = []
    /// Whether the current response may have a body.
    @exclusivity(unchecked) var sendsBody = true
    @exclusivity(unchecked) var keepsAlive = true
    /// How fast the client sends and takes bodies.
    @exclusivity(unchecked) var pace = Pace()
    /// Whether the handler knows that the client has gone.
    @exclusivity(unchecked) var isClientKnownGone = false
    /// Whether receiving or sending has failed, perhaps in mid-message: the connection must end.
    @exclusivity(unchecked) var hasFailed = false
    @exclusivity(unchecked) var counters = HTTPServerCounters()
    @exclusivity(unchecked) var date = HTTPDate(seconds: 0)
    /// When the connection became idle, in the order in which connections do; 0 while it is not idle.
    let idleSince = Atomic<UInt64>(0)
    @exclusivity(unchecked) var idleStart = ContinuousClock.now
    /// Whether the connection has to give its place to another.
    let mustEnd = Atomic<Bool>(false)
    /// The tasklet that serves the connection, while it does.
    var tasklet: Tasklet?

    /// The progress of the response.
    enum ResponseState {
        case none
        /// A body of unknown length follows, in chunks or until the connection closes.
        case streaming(isChunked: Bool)
        /// A body of announced length follows, and this many bytes of it are missing.
        case sized(left: Int)
        case complete
        /// The handler ended the body before its announced length.
        case truncated
    }

    init(_ stream: TCPStream, from client: ClientNetwork?, _ server: HTTPServer) {
        self.stream = stream
        self.client = client
        self.server = server
        parser = RequestParser(limits: server.options.limits)
    }

    /// Whether the connection waits for the first byte of a request.
    var isIdle: Bool { idleSince.load(ordering: .sequentiallyConsistent) > 0 }

    /// Whether the response in progress is the connection's last, as far as the server is concerned.
    var isLast: Bool { server.isStopping || mustEnd.load(ordering: .relaxed) }

    private var request: RequestHead {
        guard let head else { fatalError("an HTTP exchange was used after its handler returned") }
        return head
    }

    // MARK: The request

    /// The name of the method, such as `GET`.
    public var method: String { String(decoding: input.bytes[request.methodName], as: UTF8.self) }

    /// The path of the target as sent, such as `/index.html`.
    public var path: String { String(decoding: input.bytes[pathRange], as: UTF8.self) }

    /// The query of the target, without the question mark.
    public var query: String? {
        request.query(in: input.bytes.bytes).map { String(decoding: input.bytes[$0], as: UTF8.self) }
    }

    /// The first value of a field, or nil.
    ///
    /// The name must be in lower case, and matches in any case.
    public func field(_ name: StaticString) -> String? {
        request.fields.first(name, in: input.bytes.bytes).map { String(decoding: input.bytes[$0], as: UTF8.self) }
    }

    /// Whether the request has this method and path; does not allocate.
    package func asks(_ method: HTTPMethod, for path: StaticString) -> Bool {
        request.method == method && input.bytes.bytes.isExactly(path, at: pathRange)
    }

    private var pathRange: Range<Int> { request.path(in: input.bytes.bytes) }
}
