// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import TestSupport
import Testing

@Suite struct `What was written when a run ends` {
    @Test(arguments: Configuration.all)
    func `Arrives, also from streams that the run leaves open`(configuration: Configuration) async throws {
        let left = Box<TCPStream?>(nil)
        let peer = try await configuration.run {
            let (stream, peer) = try await RawPeer.connect()
            try await stream.write("hello")
            try await stream.write(", world")
            left.value = stream
            return peer
        }
        defer { peer.close() }
        let received = try await onItsOwnThread { peer.receiveAll(12) }
        #expect(String(decoding: received, as: UTF8.self) == "hello, world")
        left.value?.close()
    }
}

extension RawPeer {
    /// So many bytes, or what comes before the end of the stream, or before a minute has passed.
    fileprivate func receiveAll(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var one = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&one, 1, 60_000) == 1, case let more = receive(count - bytes.count), !more.isEmpty else { break }
            bytes += more
        }
        return bytes
    }
}
