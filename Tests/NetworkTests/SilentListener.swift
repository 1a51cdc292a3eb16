// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import Testing

/// A listening socket that never accepts.
struct SilentListener: Sendable {
    private let descriptor: CInt
    let port: Int

    init() throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let result = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) | listen(descriptor, 0) | getsockname(descriptor, $0, &size)
            }
        }
        try #require(descriptor >= 0 && result == 0)
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// Connects until there is no answer any more, and returns the error of that: the kernel answers until its queue
    /// is full.
    func fillQueue() async -> ([TCPStream], SchedulerError) {
        var connected: [TCPStream] = []
        while true {
            do {
                let deadline = ContinuousClock.now + .milliseconds(20)
                connected.append(try await TCPStream.connect(host: "127.0.0.1", port: port, deadline: deadline))
            } catch {
                return (connected, error as? SchedulerError ?? SchedulerError(.unsupported, "\(error)"))
            }
        }
    }

    func close() { Glibc.close(descriptor) }
}
