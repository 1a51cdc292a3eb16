// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The sockets of this process that have to do with some port, each by the number that the kernel gives to no other.
///
/// Other tests run meanwhile, and open and close their own; descriptors are taken again, and ports, too.
struct OpenSockets {
    private var seen: Set<UInt64> = []

    /// Remembers those that are open now, at this end or that.
    mutating func note(port: Int) {
        for descriptor in Self.descriptors where Self.ports(of: descriptor).contains(port) {
            if let inode = Self.inode(of: descriptor) { seen.insert(inode) }
        }
    }

    var count: Int { seen.count }

    /// Returns when all that were remembered are closed: a scheduler may still be about to.
    func waitUntilClosed() async throws {
        let seen = seen
        try await onItsOwnThread {
            while !seen.isDisjoint(with: Self.descriptors.compactMap(Self.inode)) { sched_yield() }
        }
    }

    /// The descriptor of the stream between these ports, at the first one's end.
    static func descriptor(from local: Int, to remote: Int) -> CInt? {
        descriptors.first { ports(of: $0) == [local, remote] }
    }

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

    /// At this end, and at that where there is one.
    static func ports(of descriptor: CInt) -> [Int] {
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
