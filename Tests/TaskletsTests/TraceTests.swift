// SPDX-License-Identifier: Apache-2.0

import Backends
import Tasklets
import TestSupport
import Testing

/// Tasklets cannot tell one driver of the loop from another.
@Suite struct `Traces` {
    @Test(arguments: Configuration.ordered)
    func `A program leaves the same trace of switches as under round-robin`(configuration: Configuration) async throws {
        let reference = Configuration(backend: .roundRobin, switching: configuration.switching)
        let expected = try await trace(reference)
        #expect(expected.count > 500)
        #expect(try await trace(configuration) == expected)
    }

    /// Which tasklet switched to which, and what both logged.
    private func trace(_ configuration: Configuration) async throws -> [String] {
        let log = Log()
        try await configuration.run {
            Tasklet.scheduler.scheduleCallback = { previous, next in
                log.add("\(previous?.name ?? "-") > \(next?.name ?? "-")")
            }
            try await Self.program(log)
            Tasklet.scheduler.scheduleCallback = nil
        }
        return log.all
    }

    /// Switches of many kinds, for long enough that each scheduler polls in between.
    private static func program(_ log: Log) async throws {
        let numbers = Channel<Int>("numbers")
        let products = Channel<Int>("products")
        products.preference = .sender
        let victim = Tasklet.spawn("victim") { _ = try await Channel<Int>().receive() }
        for factor in 1...3 {
            Tasklet.spawn("worker \(factor)") {
                while true {
                    let number = try await numbers.receive()
                    if number == 0 { return log.add("worker \(factor) ends") }
                    try await products.send(number * factor)
                }
            }
        }
        let producer = Tasklet.spawn("producer") {
            for number in 1...100 {
                // In synchronous code it blocks hard.
                if number.isMultiple(of: 5) {
                    try [number].forEach { try numbers.send($0) }
                } else {
                    try await numbers.send(number)
                }
                if number.isMultiple(of: 7) { try await Tasklet.schedule() }
            }
            for _ in 1...3 { try await numbers.send(0) }
        }
        for _ in 1...100 { log.add("\(try await products.receive())") }
        try await victim.kill()
        try await producer.join()
        try await Tasklet.runAll()
    }
}
