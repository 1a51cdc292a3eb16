// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Tasklets
import TestSupport
import Testing

/// How many connections may wait to be accepted.
@Suite struct `The queue of connections` {
    @Test(arguments: Configuration.all)
    func `It is as long on every backend`(configuration: Configuration) async throws {
        let lengths = try await configuration.run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let before = queueLength(of: listener.port)
            let client = try await TCPStream.connect(host: "127.0.0.1", port: listener.port)
            let server = try await listener.accept()
            let after = queueLength(of: listener.port)
            Connection(listener: listener, client: client, server: server).close()
            return [before, after]
        }
        let limit = try String(contentsOfFile: "/proc/sys/net/core/somaxconn", encoding: .utf8)
        let longest = try #require(Int(limit.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(lengths == Array(repeating: min(4096, longest), count: 2))
    }
}

/// The length of the queue of the listening socket at a port, as the kernel reports it in place of `tcpi_sacked`.
private func queueLength(of port: Int) -> Int? {
    guard let descriptor = OpenSockets.listener(at: port) else { return nil }
    var information = [UInt32](repeating: 0, count: 26)
    var size = socklen_t(104)
    guard getsockopt(descriptor, CInt(IPPROTO_TCP), TCP_INFO, &information, &size) == 0 else { return nil }
    return Int(information[7])
}
