// SPDX-License-Identifier: Apache-2.0

extension NetworkAddress {
    /// The address that a host spells in numbers, with a port; nil where it is a name, and where the port is none.
    package static func numeric(_ host: String, port: Int) -> NetworkAddress? {
        guard (0...65_535).contains(port) else { return nil }
        return NameLookUp.numericAddress(host)?.with(port: port)
    }

    /// The addresses of a host, with a port; the calling tasklet waits for them.
    ///
    /// Called at home. Throws as ``TCPStream/connect(host:port:deadline:)``.
    package static func addresses(
        of host: String,
        port: Int,
        until deadline: Deadline
    ) async throws -> [NetworkAddress] {
        try await Tasklet.callingNode.pointee.owner.pointee.core.names.addresses(of: host, port: port, until: deadline)
    }
}
