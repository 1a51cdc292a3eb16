// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import TestSupport
import Testing

/// The other end of a connection, with the bare system calls: it can do what a stream cannot.
///
/// It never waits; a tasklet that would have to yields instead, so that all others run meanwhile.
struct RawPeer: Sendable {
    let descriptor: CInt

    /// Connects to a listening port on the loopback interface.
    init(port: Int) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let descriptor = descriptor
        let address = SocketAddress(port: port)
        let result = address.withPointer { Glibc.connect(descriptor, $0, $1) }
        try #require(descriptor >= 0 && result == 0)
    }

    /// A connection between a stream and a raw peer.
    static func connect() async throws -> (TCPStream, RawPeer) {
        let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
        defer { listener.close() }
        let peer = try RawPeer(port: listener.port)
        return (try await listener.accept(), peer)
    }

    /// The port at this end.
    var port: Int { OpenSockets.ports(of: descriptor).first ?? -1 }

    /// Sends all, which has to fit into the kernel's buffers.
    func send(_ bytes: [UInt8], isUrgent: Bool = false) {
        let flags = CInt(MSG_NOSIGNAL) | (isUrgent ? CInt(MSG_OOB) : 0)
        #expect(Glibc.send(descriptor, bytes, bytes.count, flags) == bytes.count)
    }

    /// What has arrived, `limit` bytes at most; nothing if there is nothing.
    func receive(_ limit: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = max(0, recv(descriptor, buffer.baseAddress, limit, CInt(MSG_DONTWAIT)))
        }
    }

    /// Sends no more; incoming data can still be read.
    func stopSending() { shutdown(descriptor, CInt(SHUT_WR)) }

    func close() { Glibc.close(descriptor) }

    /// Closes with a reset instead of an end.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        close()
    }

    /// Everything up to the end, whether regular or a reset.
    func readToEnd() async throws -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, CInt(MSG_DONTWAIT))
            if count > 0 {
                all += buffer[..<count]
            } else if count < 0, errno == EAGAIN {
                try await Tasklet.schedule()
            } else {
                return all
            }
        }
    }
}

/// A port on the loopback interface, as a `sockaddr`.
struct SocketAddress {
    private var address = sockaddr_in()

    init(port: Int) {
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(port).bigEndian
    }

    func withPointer<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        withUnsafePointer(to: address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
