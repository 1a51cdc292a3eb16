// SPDX-License-Identifier: Apache-2.0

import Glibc
import Measurement
import SystemPackage

/// The parent's end of the line to a child: a socket that is the child's standard input and output.
///
/// A socket and not two pipes, because a send to one whose other end has closed can fail instead of raising SIGPIPE.
final class ReplySocket {
    /// What ``next(until:)`` has waited for.
    enum Line: Equatable {
        case text(String)
        /// The child has closed its end.
        case end
        /// The instant has passed.
        case late
        /// A signal has requested the end of the run.
        case interrupted
    }

    private let descriptor: Int32
    private var received: [UInt8] = []
    private var hasEnded = false

    /// Creates a pair of sockets.
    ///
    /// - Throws: where the limit of descriptors is reached.
    /// - Returns: this end, and the descriptor of the child's, which the caller owns.
    static func pair() throws(Errno) -> (ReplySocket, Int32) {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Errno(rawValue: errno) }
        return (ReplySocket(descriptor: ends[0]), ends[1])
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Sends a line; a child that has ended does not get it, which the next reply shows.
    func send(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// Tells the child that no more lines will come.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Waits for a line, blocking the thread, until an instant of ``MonotonicClock``.
    func next(until deadline: UInt64) -> Line {
        while true {
            if let line = takeLine() { return .text(line) }
            if hasEnded { return .end }
            if Interrupt.isRequested { return .interrupted }
            let now = MonotonicClock.now()
            guard now < deadline else { return .late }
            receive(within: min(deadline - now, 50_000_000))
        }
    }

    private func takeLine() -> String? {
        guard let end = received.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { received.removeSubrange(...end) }
        return String(decoding: received[..<end], as: UTF8.self)
    }

    /// Receives what is there within some nanoseconds; the interrupt has no other way to be noticed.
    private func receive(within nanoseconds: UInt64) {
        var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&event, 1, Int32(nanoseconds / 1_000_000) + 1) > 0 else { return }
        let count = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { received += buffer[..<count] }
            return count
        }
        // A reset counts as an end.
        if count == 0 || (count < 0 && errno != EINTR) { hasEnded = true }
    }
}
