// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An end of the socket between a trial and its load generator: lines, and numbers between them, both ways.
///
/// Every call blocks the calling thread.
final class LoadSocket: @unchecked Sendable {
    // SAFETY: one thread at a time reads; `received` is that thread's. Sending uses the descriptor only.
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Uses a descriptor, which stays the caller's.
    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Sends a line; a peer that has ended does not get it, which the next read shows.
    func send(_ line: String) { send(Array((line + "\n").utf8)) }

    /// Sends a line, and numbers of 8 bytes each, in the byte order of this machine, in one piece.
    func send(_ line: String, _ numbers: [UInt64]) {
        send(Array((line + "\n").utf8) + numbers.withUnsafeBytes(Array.init))
    }

    /// The next line without its end; nil at the end of the stream.
    func line() -> String? {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                defer { received.removeSubrange(...end) }
                return String(decoding: received[..<end], as: UTF8.self)
            }
            guard receive() else { return nil }
        }
    }

    /// The next numbers; nil if the stream ends before.
    func numbers(_ count: Int) -> [UInt64]? {
        let size = count * MemoryLayout<UInt64>.size
        while received.count < size { guard receive() else { return nil } }
        defer { received.removeSubrange(..<size) }
        return received.withUnsafeBytes { bytes in
            (0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<UInt64>.size, as: UInt64.self) }
        }
    }

    /// Ends the stream, both ways: a thread that reads returns.
    func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Receives what is there, or waits for something; returns false at the end of the stream.
    private func receive() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
            while true {
                let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
                if count > 0 { received += buffer[..<count] }
                if count >= 0 || errno != EINTR { return count > 0 }
            }
        }
    }

    private func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0 && errno != EINTR { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }
}
