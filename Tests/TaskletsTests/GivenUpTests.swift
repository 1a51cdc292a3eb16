// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import TestSupport
import Testing

/// A tasklet that catches each kill and waits again keeps `run` from returning for a while, and not for ever.
@Suite struct `Tasklets that never accept their death` {
    /// Where they wait; in synchronous code, maybe with the thread's own stack below.
    private enum Place: CaseIterable { case channel, channelInSynchronousCode, pause, join, actor, actorInUse }

    private actor Room {
        func wait(_ channel: Channel<Int>) async throws { _ = try await channel.receive() }

        /// Keeps others out for a while: then one that comes is likely to run where this call did.
        func hold(_ isHeld: Counter) {
            isHeld.add()
            for _ in 0..<100 { sched_yield() }
        }

        func waitInSynchronousCode(_ channel: Channel<Int>) async throws {
            _ = try await channel.receiveSynchronously()
        }
    }

    private static func wait(in place: Place, _ room: Room, _ channel: Channel<Int>) async throws {
        switch place {
        case .channel: _ = try await channel.receive()
        case .channelInSynchronousCode: _ = try await channel.receiveSynchronously()
        case .pause: try await Tasklet.scheduleRemove()
        case .join: try await Tasklet {}.join()
        case .actor: try await room.wait(channel)
        case .actorInUse: try await room.waitInSynchronousCode(channel)
        }
    }

    private static func neverEnd(_ place: Place) {
        let channel = Channel<Int>()
        let room = Room()
        let isHeld = Counter()
        if place == .actorInUse { Tasklet.spawn { await room.hold(isHeld) } }
        Tasklet.spawn("immortal") {
            // One that came first would keep the other out for ever, and that nobody can kill there.
            while place == .actorInUse, isHeld.value == 0 { try? await Tasklet.schedule() }
            while true {
                do { try await wait(in: place, room, channel) } catch {}
            }
        }
    }

    @Test(arguments: Configuration.all, Place.allCases)
    private func `The error of run names them`(configuration: Configuration, place: Place) async throws {
        let error = try await configuration.failure {
            Self.neverEnd(place)
            // One that is paused before it waits counts as paused by main.
            try await Tasklet.schedule()
            return 1
        }
        let deadlock = try #require(error as? SchedulerError)
        #expect(deadlock.code == .deadlock)
        #expect(deadlock.message.contains("; given up after 100 kills, all caught: tasklet 'immortal'"))
    }

    @Test func `A line on standard error names them where run throws what main threw`() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            for configuration in Configuration.all {
                let error = try await configuration.failure {
                    Self.neverEnd(.channel)
                    try await Tasklet.schedule()
                    throw Failure("main")
                }
                guard error as? Failure == Failure("main") else {
                    fatalError("\(configuration): \(String(describing: error))")
                }
            }
        }
        let lines = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        let expected = "switchyard: tasklets were given up after 100 kills, all caught: tasklet 'immortal'"
        #expect(lines.split(separator: "\n").count { $0.hasPrefix(expected) } == Configuration.all.count, "\(lines)")
    }

    @Test(arguments: Configuration.all, Place.allCases)
    private func `The scheduler can run again, and they do not`(configuration: Configuration, place: Place) async throws
    {
        let scheduler = try configuration.makeScheduler()
        let sums = try await onItsOwnThread {
            try (0..<3).map { round in
                #expect(throws: SchedulerError.self) {
                    try scheduler.run {
                        Self.neverEnd(place)
                        Self.neverEnd(.channelInSynchronousCode)
                        try await Tasklet.schedule()
                    }
                }
                return try scheduler.run {
                    let channel = Channel<Int>()
                    Tasklet.spawn { for n in 1...10 { try await channel.sendSynchronously(n + round) } }
                    var sum = 0
                    for _ in 1...10 { sum += try await channel.receiveSynchronously() }
                    return sum
                }
            }
        }
        #expect(sums == [55, 65, 75])
    }
}
