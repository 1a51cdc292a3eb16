// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
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
            let (connected, error) = await silence.fillQueue()
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
        let faults = Faults { operation, number in operation == .connect && number % 2 == 0 ? .interruption : nil }
        let code = try await configuration.run(with: faults) {
            let (connected, error) = await silence.fillQueue()
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
            let (connected, _) = await silence.fillQueue()
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
