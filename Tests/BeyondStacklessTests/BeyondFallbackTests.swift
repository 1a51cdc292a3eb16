// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Features beyond Stackless, on a Swift runtime whose thread state the switching code does not know.
@Suite struct `Beyond Stackless on an unknown runtime` {
    static let configurations = Configuration.all.filter { $0.switching == .soft || $0.switching == .hard }

    @Test(arguments: configurations)
    func `Buffers, deadlines, selects and one-shot values work as they do elsewhere`(
        configuration: Configuration
    ) async throws {
        let scheduler = try configuration.makeScheduler(distrustingRuntime: true)
        let thread = ForeignThread()
        let outcome = try await onItsOwnThread {
            try scheduler.run {
                let buffer = Channel<Int>("buffer", capacity: 2)
                let silent = Channel<Int>("silent")
                Tasklet.spawn {
                    try await buffer.send(contentsOf: 1...5)
                    buffer.close()
                }
                var values: [Int] = []
                for try await n in buffer { values.append(n) }
                let late = try await silent.receive(until: .now + .milliseconds(1))
                let sender = Tasklet.spawn { try await silent.send(6, until: .now + .seconds(3600)) }
                values.append(try await Tasklet.select(silent.onReceive(), silent.onReceive()))
                try await sender.join()
                let number = OneShot<Int>()
                thread.start { number.fulfill(7) }
                values.append(try await number.value())
                let code = await schedulerError { _ = try await Tasklet.select(silent.onReceive()) }?.code
                return (values, late, code, await nextWaits(passing: .now))
            }
        }
        #expect(outcome.0 == [1, 2, 3, 4, 5, 6, 7])
        #expect((outcome.1, outcome.2) == (nil, .deadlock))
        #expect(outcome.3 == [])
        #expect(scheduler.counters.switches[.continuation] == scheduler.counters.total)
    }
}
