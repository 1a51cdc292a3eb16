// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import TestSupport
import Testing

/// Using connections when no descriptor is left, in a process of its own.
@Suite struct `Out of descriptors` {
    @Test func `A tasklet that waits to read or write is still woken, and still killed`() async {
        await #expect(processExitsWith: .success) {
            for configuration in Configuration.all {
                let messages = try await configuration.run {
                    let (server, peer) = try await RawPeer.connect()
                    let hoard = Hoard()
                    defer { hoard.giveBack() }
                    let messages = Log()
                    let reader = Tasklet.spawn("reader") {
                        messages.add("\(try await server.read(1))")
                        _ = try await server.read(1)
                    }
                    try await yieldUntil { !reader.isRunnable }
                    peer.send([1])
                    try await yieldUntil { !messages.all.isEmpty }
                    try await reader.kill()
                    try await reader.join()
                    let late = ContinuousClock.now + .milliseconds(2)
                    let error = await schedulerError { _ = try await server.read(1, deadline: late) }
                    messages.add(error.map { "\($0.code)" } ?? "none")
                    peer.close()
                    server.close()
                    return messages.text
                }
                if messages != "[1] timedOut" { fatalError("\(configuration): \(messages)") }
            }
        }
    }

    /// A thread that cannot be interrupted at a socket polls it at intervals, not all the time.
    @Test func `No thread spins meanwhile`() async {
        await #expect(processExitsWith: .success) {
            for configuration in Configuration.withFaults {
                let faults = Faults { _, _ in nil }
                let (elapsed, attempts) = try await configuration.run(with: faults) {
                    let (server, peer) = try await RawPeer.connect()
                    let hoard = Hoard()
                    let start = ContinuousClock.now
                    let reader = Tasklet.spawn("reader") { _ = try await server.read(1) }
                    try await Tasklet.sleep(for: .milliseconds(30))
                    peer.send([1])
                    try await reader.join()
                    hoard.giveBack()
                    peer.close()
                    server.close()
                    return (ContinuousClock.now - start, faults.count(of: .read))
                }
                // One at first, and one after each pause of 5 milliseconds.
                let most = 2 + Int(elapsed / .milliseconds(5))
                if attempts > most { fatalError("\(configuration): \(attempts) attempts in \(elapsed)") }
            }
        }
    }
}
