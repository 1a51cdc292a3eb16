// SPDX-License-Identifier: Apache-2.0

internal import CLinux
package import Tasklets

/// Opens sockets for a backend with a poller.
package final class SocketNetwork: Network {
    private let core: SchedulerCore
    private let poller: any Poller

    package init(_ core: SchedulerCore, _ poller: any Poller) {
        self.core = core
        self.poller = poller
    }

    package func listen(_ address: NetworkAddress) throws -> any Endpoint {
        SocketEndpoint(try Self.descriptor(listeningAt: address), core, poller)
    }

    /// Makes a socket that listens.
    ///
    /// Throws ``SchedulerError`` with code `system`.
    package static func descriptor(listeningAt address: NetworkAddress) throws -> CInt {
        let descriptor = try address.bytes.withUnsafeBytes { bytes in
            try Syscall.perform("listen") { bytes.baseAddress.map { linux_listen($0, bytes.count) } ?? -1 }
        }
        return descriptor ?? -1
    }

    package func stream(to address: NetworkAddress) throws -> any Endpoint {
        SocketEndpoint(try Self.descriptor(for: address), core, poller, to: address)
    }

    /// Makes a socket that can be connected to an address.
    ///
    /// Throws ``SchedulerError`` with code `system`.
    package static func descriptor(for address: NetworkAddress) throws -> CInt {
        let descriptor = try address.bytes.withUnsafeBytes { bytes in
            try Syscall.perform("socket") { bytes.baseAddress.map { linux_socket($0) } ?? -1 }
        }
        return descriptor ?? -1
    }
}
