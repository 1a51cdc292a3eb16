// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import Testing

/// Connecting to a host that does not answer.
@Suite struct `Connecting` {
    @Test(arguments: Configuration.all)
    func `A tasklet that waits for an answer can be killed, or gives up at the deadline`(
        configuration: Configuration
    ) async throws {
        let silence = try SilentListener()
        let port = silence.port
        let outcome = try await configuration.run {
            let log = Log()
            let (connected, error) = await fillQueue(of: port)
            log.add("\(error.code)")
            defer { for stream in connected { stream.close() } }
            let victim = Tasklet.spawn("victim") {
                do { _ = try await TCPStream.connect(host: "127.0.0.1", port: port) } catch {
                    log.add("\(type(of: error))")
                    throw error
                }
            }
            try await yieldUntil { !victim.isRunnable }
            try await victim.kill()
            try await victim.join()
            return log.text
        }
        silence.close()
        #expect(outcome == "timedOut TaskletExit")
    }

    @Test(arguments: Configuration.withFaults)
    func `A signal in between does no harm`(configuration: Configuration) async throws {
        let silence = try SilentListener()
        let port = silence.port
        let faults = Faults { operation, number in operation == .connect && number % 2 == 0 ? .interruption : nil }
        let code = try await configuration.run(with: faults) {
            let (connected, error) = await fillQueue(of: port)
            for stream in connected { stream.close() }
            return error.code
        }
        silence.close()
        #expect(code == .timedOut)
    }

    @Test(arguments: Configuration.all)
    func `An error thrown into a connecting tasklet comes out unchanged`(configuration: Configuration) async throws {
        let silence = try SilentListener()
        let port = silence.port
        let message = try await configuration.run {
            let (connected, _) = await fillQueue(of: port)
            let message = Box("none")
            let victim = Tasklet.spawn("victim") {
                let error = await schedulerError { _ = try await TCPStream.connect(host: "127.0.0.1", port: port) }
                message.value = error?.message ?? "none"
            }
            try await yieldUntil { !victim.isRunnable }
            try await victim.throw(SchedulerError(.system, "thrown"))
            try await victim.join()
            for stream in connected { stream.close() }
            return message.value
        }
        silence.close()
        #expect(message == "thrown")
    }
}

/// Connects until there is no answer any more: the kernel answers until its queue is full.
private func fillQueue(of port: Int) async -> ([TCPStream], SchedulerError) {
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

/// A listening socket that never accepts, and whose queue is full.
private struct SilentListener: Sendable {
    private let descriptor: CInt
    let port: Int

    init() throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
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

    func close() { Glibc.close(descriptor) }
}
