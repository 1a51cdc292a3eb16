// SPDX-License-Identifier: Apache-2.0

public import Tasklets

/// A connection whose protocol runs in a tasklet: the reactor reads, and what its callbacks get comes to the tasklet
/// through a channel.
///
/// So a protocol is straight-line code, while its connection stays the reactor's: Corotwine's protocols on Twisted do
/// that. The reactor reads ahead as far as the channel has room, and pauses until the tasklet has received something:
/// back-pressure, which Twisted calls `pauseProducing` and `resumeProducing`.
///
/// One tasklet at a time receives, and one at a time writes; they may be two.
public final class Transport: Sendable {
    private let reactor: Reactor
    private let stream: TCPStream
    private let chunkSize: Int
    /// What has come: bytes, none at the end of the stream, or why there are no more.
    private let chunks: Channel<Result<[UInt8], any Error>>
    private let state = Guarded(State())

    /// How many chunks are read before the tasklet has received the first of them.
    private static let readAhead = 2

    private struct State {
        var isReading = false
        /// The chunks in the channel, and the one that the tasklet is receiving.
        var delivered = 0
        /// The last chunk, which comes again whenever there is no other.
        var end: Result<[UInt8], any Error>?

        /// Whether a read is to begin.
        ///
        /// Its chunk has a place in the channel then, so that the callback never waits.
        mutating func shouldRead() -> Bool {
            guard end == nil, !isReading, delivered < Transport.readAhead else { return false }
            isReading = true
            return true
        }

        /// A read has ended; returns whether the next is to begin.
        mutating func deliver(_ chunk: Result<[UInt8], any Error>) -> Bool {
            isReading = false
            delivered += 1
            if (try? chunk.get().isEmpty) ?? true { end = chunk }
            return shouldRead()
        }
    }

    /// Begins to read a connection, which is the transport's from then on.
    ///
    /// - Parameter chunkSize: how many bytes are read at a time, at most.
    /// - Throws: as ``Reactor/read(_:atMost:deadline:then:)``.
    public init(_ reactor: Reactor, _ stream: TCPStream, chunkSize: Int = 16_384) throws {
        self.reactor = reactor
        self.stream = stream
        self.chunkSize = chunkSize
        chunks = Channel("data", capacity: Self.readAhead)
        if state.withLock({ $0.shouldRead() }) { try read() }
    }

    /// The next bytes, as many as came at a time; none at the end of the stream.
    ///
    /// - Throws: the error that ended the connection, or what was thrown into the tasklet while it waited.
    public func receive() async throws -> [UInt8] {
        let end = state.withLock { $0.delivered == 0 ? $0.end : nil }
        if let end { return try end.get() }
        let chunk = try await chunks.receive()
        let isDue = state.withLock { state in
            state.delivered -= 1
            return state.shouldRead()
        }
        if isDue { readOrEnd() }
        return try chunk.get()
    }

    /// Writes all bytes; waits until the kernel has them.
    ///
    /// - Throws: as ``receive()``.
    public func write(_ bytes: [UInt8]) async throws {
        let written = OneShot<Void>()
        try reactor.write(bytes, to: stream) { written.fulfill(with: $0) }
        try await written.value()
    }

    /// Closes the connection; a tasklet that receives or writes gets an error.
    public func close() { stream.close() }

    private func read() throws {
        try reactor.read(stream, atMost: chunkSize) { [self] in try received($0) }
    }

    /// By the reactor: Twisted's `dataReceived` and `connectionLost`.
    private func received(_ chunk: Result<[UInt8], any Error>) throws {
        let isDue = state.withLock { $0.deliver(chunk) }
        // There is room: a read begins only with a place for its chunk, and a place is free before it is counted so.
        try chunks.send(chunk)
        if isDue { readOrEnd() }
    }

    /// The stream may have been closed, or the reactor have stopped: that is a chunk, too, in the place of the read's.
    private func readOrEnd() {
        do { try read() } catch { try? received(.failure(error)) }
    }
}
