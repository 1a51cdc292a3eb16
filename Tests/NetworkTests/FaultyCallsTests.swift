// SPDX-License-Identifier: Apache-2.0

import Glibc
import SeededRandom
import Tasklets
import TestSupport
import Testing

/// System calls on sockets that fail, or do less than they were asked for.
@Suite struct `Faulty calls` {
    @Test(arguments: Configuration.withFaults, Trouble.allCases)
    func `Every byte arrives, whatever fails on its way`(
        configuration: Configuration,
        trouble: Trouble
    ) async throws {
        let count = 3000
        let faults = Faults(trouble.fault)
        let bytes = try await configuration.run(with: faults) {
            let connection = try await Connection.open()
            let bytes = try await connection.bounce(count)
            connection.close()
            return bytes
        }
        #expect(bytes == Pattern.bytes(count))
        #expect(faults.count(of: .read) >= trouble.fewestCalls(for: count))
        #expect(faults.count(of: .write) >= trouble.fewestCalls(for: count))
    }

    @Test(arguments: Configuration.withFaults)
    func `Accepting continues where nothing has come, or a signal has`(configuration: Configuration) async throws {
        let harmless = [EAGAIN, EINTR, EAGAIN, EAGAIN]
        let faults = Faults { operation, number in
            operation == .accept && number < harmless.count ? .failure(harmless[number]) : nil
        }
        let bytes = try await configuration.run(with: faults) {
            let connection = try await Connection.open()
            let bytes = try await connection.bounce(10)
            connection.close()
            return bytes
        }
        #expect(bytes == Pattern.bytes(10))
        #expect(faults.count(of: .accept) > harmless.count)
    }

    @Test(arguments: Configuration.withFaults)
    func `A permanent error is reported to the caller, and to no other tasklet`(configuration: Configuration)
        async throws
    {
        let faults = Faults { operation, number in
            switch (operation, number) {
            case (.read, 0): .failure(ECONNRESET)
            case (.write, 0): .failure(ENOBUFS)
            case (.connect, 0): .failure(ENETUNREACH)
            default: nil
            }
        }
        let messages = try await configuration.run(with: faults) {
            let unreachable = await schedulerError { _ = try await TCPStream.connect(host: "127.0.0.1", port: 1) }
            let connection = try await Connection.open()
            let full = await schedulerError { try await connection.client.write("x") }
            let reset = await schedulerError { _ = try await connection.client.read(1) }
            let bytes = try await connection.bounce(10)
            connection.close()
            return [unreachable, full, reset].map { $0?.message ?? "none" } + ["\(bytes == Pattern.bytes(10))"]
        }
        #expect(
            messages == [
                "connect to 127.0.0.1:1: connect failed: Network is unreachable",
                "write failed: No buffer space available",
                "read failed: Connection reset by peer",
                "true",
            ]
        )
    }
}

/// Faults that reads and writes survive.
enum Trouble: CaseIterable, Sendable {
    case oneByteAtATime, nothingYet, interrupted, atRandom

    @Sendable func fault(_ operation: SocketOperation, _ number: Int) -> SocketFault? {
        guard operation == .read || operation == .write else { return nil }
        switch self {
        case .oneByteAtATime: return .limit(1)
        case .nothingYet: return number % 2 == 0 ? .failure(EAGAIN) : nil
        case .interrupted: return number % 4 < 3 ? .failure(EINTR) : nil
        case .atRandom: return Self.randomFault(UInt64(number))
        }
    }

    private static func randomFault(_ number: UInt64) -> SocketFault? {
        var random = SplitMix64(seed: number)
        let faults: [SocketFault?] = [nil, .failure(EAGAIN), .failure(EINTR), .limit(1), .limit(7)]
        return faults.randomElement(using: &random) ?? nil
    }

    /// How many calls the transfer takes at least, given the faults.
    func fewestCalls(for count: Int) -> Int {
        switch self {
        case .oneByteAtATime: 2 * count
        case .nothingYet, .interrupted, .atRandom: 8
        }
    }
}
