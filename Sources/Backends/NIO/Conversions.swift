// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Tasklets

/// NIO's errors and addresses in the kernel's terms, which endpoints use.
extension Error {
    /// The errno that the kernel would have returned, negated.
    var negatedErrno: Int {
        if let error = self as? IOError { return -Int(error.errnoCode) }
        switch self as? ChannelError {
        case .connectTimeout: return -Int(ETIMEDOUT)
        // A channel that was closed under the operation, for whatever reason.
        case .some: return -Int(EPIPE)
        case nil: return -Int(EIO)
        }
    }
}

extension NetworkAddress {
    /// Nil where it is neither of IPv4 nor of IPv6.
    init?(_ address: SocketAddress) {
        switch address {
        case .v4, .v6:
            let bytes = address.withSockAddr { Array(UnsafeRawBufferPointer(start: $0, count: $1)) }
            self.init(bytes: bytes)
        case .unixDomainSocket: return nil
        }
    }

    /// Nil where it is neither of IPv4 nor of IPv6.
    var forNIO: SocketAddress? {
        bytes.withUnsafeBytes { bytes in
            switch (Int32(bytes.loadUnaligned(as: sockaddr.self).sa_family), bytes.count) {
            case (AF_INET, MemoryLayout<sockaddr_in>.size): SocketAddress(bytes.loadUnaligned(as: sockaddr_in.self))
            case (AF_INET6, MemoryLayout<sockaddr_in6>.size): SocketAddress(bytes.loadUnaligned(as: sockaddr_in6.self))
            default: nil
            }
        }
    }
}

extension ChannelHandlerContext {
    /// Receives what the kernel has for a connection, past NIO: how many bytes, 0 at the end of the stream, a negated
    /// errno; nil where nothing has come, and where the channel has no socket.
    ///
    /// On the channel's event loop, which then does not read at the same time.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let operations = pipeline.syncOperations
        let count = try? operations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { socket in
            let count = recv(socket, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            return count < 0 ? -Int(errno) : count
        }
        guard let count, count != -Int(EAGAIN), count != -Int(EINTR) else { return nil }
        return count
    }
}
