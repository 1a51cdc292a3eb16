// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The sockets of this process that are bound or connected to some port, by their inode numbers, which are unique.
///
/// Other tests run at the same time, and open and close their own sockets; descriptors and ports are reused.
package struct OpenSockets {
    private var seen: Set<UInt64> = []

    package init() {}

    /// Remembers the sockets that are open now, whose local or remote port it is.
    package mutating func note(port: Int) {
        for descriptor in Self.descriptors where Self.ports(of: descriptor).contains(port) {
            if let inode = Self.inode(of: descriptor) { seen.insert(inode) }
        }
    }

    package var count: Int { seen.count }

    /// Returns when all remembered sockets are closed: a scheduler may still be about to close one.
    package func waitUntilClosed() async throws {
        let seen = seen
        try await onItsOwnThread {
            while !seen.isDisjoint(with: Self.descriptors.compactMap(Self.inode)) { sched_yield() }
        }
    }

    /// The descriptor of the stream between these ports, at the first one's end.
    package static func descriptor(from local: Int, to remote: Int) -> CInt? {
        descriptors.first { ports(of: $0) == [local, remote] }
    }

    /// A descriptor of the socket that listens at a port.
    package static func listener(at port: Int) -> CInt? { descriptors.first { ports(of: $0) == [port] } }

    private static var descriptors: [CInt] {
        guard let folder = opendir("/proc/self/fd") else { return [] }
        defer { closedir(folder) }
        var all: [CInt] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let number = CInt(name) { all.append(number) }
        }
        return all
    }

    private static func inode(of descriptor: CInt) -> UInt64? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
        return UInt64(status.st_ino)
    }

    /// The local port, and the remote one if there is one.
    package static func ports(of descriptor: CInt) -> [Int] {
        [getsockname, getpeername].compactMap { call in
            var address = sockaddr_in()
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let result = withUnsafeMutablePointer(to: &address) { address in
                address.withMemoryRebound(to: sockaddr.self, capacity: 1) { call(descriptor, $0, &size) }
            }
            guard result == 0, address.sin_family == sa_family_t(AF_INET) else { return nil }
            return Int(UInt16(bigEndian: address.sin_port))
        }
    }
}
