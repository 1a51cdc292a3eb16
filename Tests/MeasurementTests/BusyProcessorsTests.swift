// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Testing

@testable import Measurement

@Suite struct `Processors that are kept busy` {
    private struct Failure: Error {}

    /// The threads that were asked to give way, by their directories in `/proc`.
    private final class Threads: Sendable {
        private let asked = Mutex<[String]>([])

        /// Called by the threads.
        func add() {
            var name = [CChar](repeating: 0, count: 64)
            let length = max(0, readlink("/proc/thread-self", &name, name.count))
            let text = String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            asked.withLock { $0.append("/proc/\(text)") }
        }

        var all: [String] { asked.withLock { $0 } }

        /// How many of them exist.
        var count: Int { all.count { access($0, F_OK) == 0 } }
    }

    /// The kernel's number of the policy SCHED_IDLE, which Swift does not import.
    private static let idlePolicy: Int32 = 5

    private let cpus = CPUSet.allowed()

    @Test func `There is a thread on each while the body runs, and not afterwards`() async throws {
        let threads = Threads()
        let processors = BusyProcessors(cpus) {
            threads.add()
            return CPUSet.allowed().numbers.count == 1
        }
        let count = try await processors.keep { threads.count }
        #expect(count == cpus.numbers.count)
        #expect(threads.count == 0)
    }

    @Test func `The threads end when the body throws`() async throws {
        let threads = Threads()
        let processors = BusyProcessors(cpus) {
            threads.add()
            return true
        }
        await #expect(throws: Failure.self) { try await processors.keep { throw Failure() } }
        #expect(threads.all.count == cpus.numbers.count)
        #expect(threads.count == 0)
    }

    @Test func `Where a thread would not give way the body does not run`() async throws {
        let threads = Threads()
        let processors = BusyProcessors(cpus) {
            threads.add()
            return false
        }
        var hasRun = false
        let result: Void? = try await processors.keep { hasRun = true }
        #expect(result == nil && !hasRun)
        #expect(threads.count == 0)
    }

    @Test func `A processor that does not exist is not kept busy`() async throws {
        let result: Void? = try await BusyProcessors(CPUSet([1_023])) { true }.keep {}
        #expect(result == nil)
    }

    @Test func `The kernel lets a thread give way to all others`() async throws {
        let policies = Mutex<[Int32]>([])
        let processors = BusyProcessors(cpus) {
            let isGranted = BusyProcessors.giveWay()
            policies.withLock { $0.append(sched_getscheduler(0)) }
            return isGranted
        }
        let result: Void? = try await processors.keep {}
        // A sandbox may refuse.
        if result != nil { #expect(policies.withLock { Set($0) } == [Self.idlePolicy]) }
    }
}
