// SPDX-License-Identifier: Apache-2.0

import Backends
import Tasklets
import Testing

/// Programming errors that stop the process, with a message.
@Suite struct `Mistakes end the process with a message` {
    @Test func `Asking for the current tasklet outside any`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tasklet.current
        }
        #expect(try text(of: result).contains("needs a tasklet"))
    }

    @Test func `Spawning in a child task`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try Backend.roundRobin.makeScheduler().run {
                await withTaskGroup { group in group.addTask { Tasklet.spawn {} } }
            }
        }
        #expect(try text(of: result).contains("needs a tasklet"))
    }

    @Test func `Making a channel of elements that asynchronous functions cannot carry safely`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try Backend.roundRobin.makeScheduler().run { _ = Channel<SIMD4<Double>>() }
        }
        let text = try text(of: result)
        #expect(text.contains("a channel cannot carry SIMD4<Double>") && text.contains("in an array or a class"))
    }

    @Test func `Making a one-shot of values that asynchronous functions cannot carry safely`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = OneShot<SIMD8<Int32>>()
        }
        #expect(try text(of: result).contains("a one-shot cannot carry SIMD8<Int32>"))
    }

    @Test func `Making a channel of optional elements of that kind`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Channel<SIMD4<Double>?>()
        }
        #expect(try text(of: result).contains("a channel cannot carry Optional<SIMD4<Double>>"))
    }

    private func text(of result: ExitTest.Result?) throws -> String {
        String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    }
}
