// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import TestSupport
import Testing

/// Connecting to a host with several addresses.
@Suite struct `Several addresses` {
    private static let ever = Duration.seconds(86_400)
    private static let three = (1...3).map { NetworkAddress.loopback(UInt8($0), port: 1) }

    @Test(arguments: Configuration.all)
    func `One that does not answer does not take the whole deadline`(configuration: Configuration) async throws {
        let silence = try SilentListener()
        let isRight = try await configuration.run {
            let (queued, _) = await silence.fillQueue()
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let addresses = [silence.port, listener.port].map { NetworkAddress.loopback(port: $0) }
            let deadline = Deadline.after(.seconds(60))
            let stream = try await ConnectionRace().winner(among: addresses, of: "host", until: deadline)
            let accepted = try await listener.accept()
            try await accepted.write("x")
            let bytes = try await stream.read(1)
            for stream in queued + [stream, accepted] { stream.close() }
            listener.close()
            return bytes == Array("x".utf8)
        }
        silence.close()
        #expect(isRight)
    }

    @Test(arguments: Configuration.all)
    func `The first to connect wins, and the others are closed`(configuration: Configuration) async throws {
        let attempts = ScriptedAttempts { number in number == 1 ? nil : .waits }
        let (isWinner, losers) = try await configuration.run {
            let race = ConnectionRace(delay: .zero, connect: attempts.connect)
            let winner = try await race.winner(among: Self.three, of: "host", until: .never)
            let isWinner = attempts.streams[1] === winner
            let losers = attempts.streams.filter { $0 !== winner }.map(isClosed)
            let isOpen = !isClosed(winner)
            winner.close()
            attempts.letGo()
            return (isWinner && isOpen, losers)
        }
        #expect(isWinner)
        #expect(!losers.isEmpty && losers.allSatisfy { $0 })
    }

    @Test(arguments: Configuration.all)
    func `When one fails, the next is tried at once`(configuration: Configuration) async throws {
        let attempts = ScriptedAttempts { number in number < 2 ? .fails("no \(number)") : nil }
        let isThird = try await configuration.run {
            let race = ConnectionRace(delay: Self.ever, connect: attempts.connect)
            let winner = try await race.winner(among: Self.three, of: "host", until: .never)
            defer { winner.close() }
            return attempts.streams.count == 3 && winner === attempts.streams[2]
        }
        #expect(isThird)
    }

    @Test(arguments: Configuration.all)
    func `The next is not tried before the delay has passed`(configuration: Configuration) async throws {
        let attempts = ScriptedAttempts { _ in .waits }
        let started = try await configuration.run {
            let race = ConnectionRace(delay: Self.ever, connect: attempts.connect)
            let client = Tasklet.spawn("client") {
                try await race.winner(among: Self.three, of: "host", until: .never).close()
            }
            try await yieldUntil { client.isBlocked && attempts.streams.count == 1 }
            for _ in 0..<10 { try await Tasklet.schedule() }
            let started = attempts.streams.count
            attempts.letGo()
            try await client.join()
            return started
        }
        #expect(started == 1)
    }

    @Test(arguments: Configuration.all)
    func `When all fail, the error says what each said`(configuration: Configuration) async throws {
        let attempts = ScriptedAttempts { .fails("no \($0)") }
        let message = try await configuration.run {
            await schedulerError {
                let race = ConnectionRace(delay: Self.ever, connect: attempts.connect)
                _ = try await race.winner(among: Self.three, of: "host:1", until: .never)
            }?.message
        }
        #expect(message == "connect to host:1: no 0; no 1; no 2")
    }

    @Test(arguments: Configuration.all, [true, false])
    func `The deadline, and a kill, end all attempts`(configuration: Configuration, isKilled: Bool) async throws {
        let attempts = ScriptedAttempts { _ in .waits }
        let (outcome, closed) = try await configuration.run {
            let outcome = Log()
            let client = Tasklet.spawn("client") {
                let deadline = isKilled ? Deadline.never : .after(.milliseconds(20))
                let race = ConnectionRace(delay: .zero, connect: attempts.connect)
                do { _ = try await race.winner(among: Self.three, of: "host", until: deadline) } catch {
                    outcome.add((error as? SchedulerError).map { "\($0.code)" } ?? "\(type(of: error))")
                }
            }
            try await yieldUntil { !client.isAlive || isKilled && client.isBlocked && attempts.streams.count == 3 }
            if isKilled { try await client.kill() }
            try await client.join()
            let closed = attempts.streams.map(isClosed)
            attempts.letGo()
            return (outcome.text, closed)
        }
        #expect(outcome == (isKilled ? "TaskletExit" : "timedOut"))
        #expect(closed.allSatisfy { $0 })
    }

    @Test(arguments: Configuration.withFaults)
    func `One that refuses is passed over`(configuration: Configuration) async throws {
        let faults = Faults { operation, number in
            operation == .connect && number == 0 ? .failure(ECONNREFUSED) : nil
        }
        let isRight = try await configuration.run(with: faults) {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            defer { listener.close() }
            let addresses = Array(repeating: NetworkAddress.loopback(port: listener.port), count: 2)
            let race = ConnectionRace(delay: Self.ever)
            try await race.winner(among: addresses, of: "host", until: .never).close()
            return true
        }
        #expect(isRight)
        #expect(faults.count(of: .connect) == 2)
    }

    @Test func `Families take turns, beginning with the first address's`() {
        let (one, two, three) = (Self.three[0], Self.three[1], Self.three[2])
        let (six, seven) = (NetworkAddress.version6(6), NetworkAddress.version6(7))
        func order(_ addresses: [NetworkAddress]) -> [[UInt8]] { NetworkAddress.interleaved(addresses).map(\.bytes) }
        #expect(order([six, seven, one, two]) == [six, one, seven, two].map(\.bytes))
        #expect(order([one, two, three, six]) == [one, six, two, three].map(\.bytes))
        #expect(order([one, two]) == [one, two].map(\.bytes))
        #expect(order([]) == [])
    }
}

/// Whether a stream that was never connected has been closed.
private func isClosed(_ stream: TCPStream) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { byte in
        do { return try stream.readAtOnce(into: byte) == 0 } catch { return "\(error)".contains("canceled") }
    }
}

/// Attempts to connect that do what a test says.
private final class ScriptedAttempts: Sendable {
    enum Outcome: Sendable {
        /// Fails, for that reason.
        case fails(String)
        /// Neither fails nor connects, until the test lets it connect.
        case waits
    }

    private let script: @Sendable (_ number: Int) -> Outcome?
    private let started = Box<[TCPStream]>([])
    private let end = OneShot<Void>()

    /// The outcome of each attempt, by the order in which they begin; nil connects at once.
    init(_ script: @escaping @Sendable (_ number: Int) -> Outcome?) { self.script = script }

    var streams: [TCPStream] { started.value }

    func letGo() { end.fulfill(()) }

    @Sendable func connect(_ stream: TCPStream, _ deadline: Deadline) async throws -> String? {
        var number = 0
        started.update {
            number = $0.count
            $0.append(stream)
        }
        switch script(number) {
        case nil: return nil
        case .fails(let reason): return reason
        case .waits:
            try await end.value()
            return nil
        }
    }
}
