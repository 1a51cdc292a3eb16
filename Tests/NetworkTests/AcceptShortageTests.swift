// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import TestSupport
import Testing

/// Accepting while there is no descriptor, or no memory, for another connection.
@Suite struct `Accepting with no room for a connection` {
    @Test(arguments: Configuration.withFaults)
    func `It is retried after each pause, until there is room`(
        configuration: Configuration
    ) async throws {
        let shortages = [EMFILE, ENFILE, ENOBUFS, ENOMEM]
        let (turns, refusals) = (Counter(), Counter())
        // The shortage lasts until others have had their turns, too.
        let faults = Faults { operation, number in
            guard operation == .accept, number < shortages.count || turns.value < 5 else { return nil }
            refusals.add()
            return .failure(shortages[number % shortages.count])
        }
        let (elapsed, bytes) = try await configuration.run(with: faults) {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let client = try await TCPStream.connect(host: "127.0.0.1", port: listener.port)
            Tasklet.spawn("other") {
                for _ in 0..<5 {
                    turns.add()
                    try await Tasklet.schedule()
                }
            }
            let start = ContinuousClock.now
            let server = try await listener.accept()
            let elapsed = ContinuousClock.now - start
            let connection = Connection(listener: listener, client: client, server: server)
            let bytes = try await connection.bounce(10)
            connection.close()
            return (elapsed, bytes)
        }
        #expect(bytes == Pattern.bytes(10))
        // One pause after each.
        let pauses = (0..<refusals.value).map { min(Duration.milliseconds(5 << $0), .seconds(1)) }
        #expect(pauses.count >= shortages.count)
        #expect(pauses.reduce(Duration.zero, +) <= elapsed)
    }

    @Test(arguments: Configuration.withFaults)
    func `A pausing tasklet can be killed, or finds that the listener was closed`(
        configuration: Configuration
    ) async throws {
        let faults = Faults { operation, _ in operation == .accept ? .failure(EMFILE) : nil }
        let outcome = try await configuration.run(with: faults) {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let log = Log()
            let victim = Tasklet.spawn("victim") {
                defer { log.add("gone") }
                _ = try await listener.accept()
            }
            try await yieldUntil { !victim.isRunnable && faults.count(of: .accept) > 0 }
            try await victim.kill()
            try await victim.join()
            let other = Tasklet.spawn("other") {
                log.add(await schedulerError { _ = try await listener.accept() }?.message ?? "none")
            }
            let before = faults.count(of: .accept)
            try await yieldUntil { !other.isRunnable && faults.count(of: .accept) > before }
            listener.close()
            try await other.join()
            return log.all
        }
        #expect(outcome == ["gone", "accept failed: Operation canceled"])
    }

    /// With the kernel's own shortage, in a process of its own, since the limit applies to all tests.
    @Test func `Once there are descriptors again, accepting continues`() async {
        await #expect(processExitsWith: .success) {
            for configuration in Configuration.all {
                let bytes = try await configuration.run {
                    let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
                    let peer = try RawPeer(port: listener.port)
                    peer.send(Array("x".utf8))
                    let hoard = Hoard()
                    let bytes = Box<[UInt8]>([])
                    let acceptor = Tasklet.spawn("acceptor") { bytes.value = try await listener.accept().read(1) }
                    try await yieldUntil { !acceptor.isRunnable }
                    hoard.giveBack()
                    try await acceptor.join()
                    peer.close()
                    listener.close()
                    return bytes.value
                }
                if bytes != Array("x".utf8) { fatalError("\(configuration): \(bytes)") }
            }
        }
    }
}
