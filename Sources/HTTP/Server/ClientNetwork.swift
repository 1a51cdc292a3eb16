// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import Tasklets

/// Where connections come from: an IPv4 address, or the first 64 bits of an IPv6 address, which one client may have all
/// addresses of.
package struct ClientNetwork: Hashable {
    private let isIPv4: Bool
    /// In the order in which they are sent.
    private let bytes: [UInt8]

    /// Nil where the address is neither of IPv4 nor of IPv6.
    package init?(_ address: NetworkAddress) {
        let parts: (isIPv4: Bool, bytes: [UInt8])? = address.bytes.withUnsafeBytes { raw in
            guard raw.count >= MemoryLayout<sockaddr>.size else { return nil }
            switch Int32(raw.loadUnaligned(as: sockaddr.self).sa_family) {
            case AF_INET: return (true, Self.bytes(raw.loadUnaligned(as: sockaddr_in.self).sin_addr))
            case AF_INET6 where raw.count >= MemoryLayout<sockaddr_in6>.size:
                return Self.network(Self.bytes(raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr))
            default: return nil
            }
        }
        guard let parts else { return nil }
        (isIPv4, bytes) = parts
    }

    /// An IPv4 address that is mapped into IPv6 (`::ffff:192.0.2.1`) is an IPv4 address.
    private static func network(_ address: [UInt8]) -> (isIPv4: Bool, bytes: [UInt8]) {
        let isMapped = address.starts(with: Array(repeating: 0, count: 10) + [0xFF, 0xFF])
        return isMapped ? (true, Array(address[12...])) : (false, Array(address[..<8]))
    }

    private static func bytes<Value>(_ value: Value) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
}
