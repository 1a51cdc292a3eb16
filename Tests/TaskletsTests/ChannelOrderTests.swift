// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Which tasklet runs after a transfer` {
    @Test(arguments: Configuration.ordered)
    func `At preference receiver a sender gives way to the waiting receiver`(
        configuration: Configuration
    ) async throws {
        #expect(try await order(configuration, .receiver, mainSends: true) == "peer other main")
        #expect(try await order(configuration, .receiver, mainSends: false) == "main other peer")
    }

    @Test(arguments: Configuration.ordered)
    func `At preference none the acting tasklet continues`(configuration: Configuration) async throws {
        #expect(try await order(configuration, .none, mainSends: true) == "main other peer")
        #expect(try await order(configuration, .none, mainSends: false) == "main other peer")
    }

    @Test(arguments: Configuration.ordered)
    func `At preference sender a receiver gives way to the waiting sender`(
        configuration: Configuration
    ) async throws {
        #expect(try await order(configuration, .sender, mainSends: true) == "main other peer")
        #expect(try await order(configuration, .sender, mainSends: false) == "peer other main")
    }

    @Test(arguments: Configuration.ordered, [Preference.receiver, .none, .sender])
    func `With schedulesAll all other runnable tasklets run first`(
        configuration: Configuration,
        preference: Preference
    ) async throws {
        for mainSends in [true, false] {
            let order = try await order(configuration, preference, schedulesAll: true, mainSends: mainSends)
            #expect(order == "other peer main")
        }
    }

    /// Which tasklets run first, second and third when main meets a waiting peer, while another tasklet is runnable.
    private func order(
        _ configuration: Configuration,
        _ preference: Preference,
        schedulesAll: Bool = false,
        mainSends: Bool
    ) async throws -> String {
        let log = Log()
        try await configuration.run {
            let channel = Channel<Int>()
            channel.preference = preference
            channel.schedulesAll = schedulesAll
            Tasklet.spawn {
                if mainSends { _ = try await channel.receive() } else { try await channel.send(1) }
                log.add("peer")
            }
            try await Tasklet.schedule()
            Tasklet.spawn { log.add("other") }
            if mainSends { try await channel.send(1) } else { _ = try await channel.receive() }
            log.add("main")
        }
        return log.text
    }

    @Test(arguments: Configuration.ordered)
    func `A value is with the receiver before the receiver has run`(configuration: Configuration) async throws {
        let received = try await configuration.run {
            let channel = Channel<Int>()
            channel.preference = .none
            let received = Box(0)
            Tasklet.spawn { received.value = try await channel.receive() }
            try await Tasklet.schedule()
            try await channel.send(7)
            let before = received.value
            // What happens on the channel from now on changes nothing.
            channel.close()
            try await Tasklet.schedule()
            return [before, received.value]
        }
        #expect(received == [0, 7])
    }
}
