// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Addresses from the system, which blocks the calling thread unless the host is a numeric address.
enum NameLookUp {
    /// Every address of a host, in the order in which RFC 6724 prefers them, with port 0.
    ///
    /// Throws ``SchedulerError`` with code `system`.
    static func addresses(of host: String) throws -> [NetworkAddress] { try addresses(of: host, AI_ADDRCONFIG) }

    /// The address that a host spells in numbers; nil where it is a name.
    static func numericAddress(_ host: String) -> NetworkAddress? {
        try? addresses(of: host, AI_NUMERICHOST).first
    }

    private static func addresses(of host: String, _ flags: CInt) throws -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = flags
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            throw SchedulerError(.system, "looking up \(host) failed: \(String(cString: gai_strerror(code)))")
        }
        defer { freeaddrinfo(list) }
        var addresses: [NetworkAddress] = []
        var next = list
        while let one = next?.pointee {
            let bytes = UnsafeRawBufferPointer(start: one.ai_addr, count: Int(one.ai_addrlen))
            addresses.append(NetworkAddress(bytes: Array(bytes)))
            next = one.ai_next
        }
        return addresses
    }
}
