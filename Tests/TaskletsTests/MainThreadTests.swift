// SPDX-License-Identifier: Apache-2.0

import Backends
import FoundationEssentials
import Subprocess
import SystemPackage
import Tasklets
import TestSupport
import Testing

@Suite struct `A scheduler that is run on the main thread` {
    @Test(arguments: TestSupport.Configuration.all)
    func `Runs the main actor's jobs as well`(configuration: TestSupport.Configuration) async throws {
        let outcome = try await Self.runProgram(configuration)
        #expect(outcome.output == "[155, 155]\n", "\(outcome.errors)")
        #expect(outcome.status == .exited(0))
    }

    @Test(arguments: TestSupport.Configuration.all)
    func `Is refused where no descriptor is left for that`(configuration: TestSupport.Configuration) async throws {
        let outcome = try await Self.runProgram(configuration, "without-descriptors")
        let use =
            switch configuration.backend {
            case .nio: "for an event loop of SwiftNIO's"
            case .dispatch, .swiftConcurrency: "for Dispatch's timers and sockets"
            default: "to run the main actor's jobs"
            }
        #expect(outcome.output == "no descriptor is left \(use): Too many open files\n", "\(outcome.errors)")
        #expect(outcome.status == .exited(0))
    }

    /// On another thread; NIO's event loops have descriptors of their own.
    @Test(arguments: TestSupport.Configuration.all.filter { $0.backend != .nio })
    func `Keeps deadlines later, when no descriptor is left`(configuration: TestSupport.Configuration) async throws {
        let outcome = try await Self.runProgram(configuration, "later-without-descriptors")
        #expect(outcome.output == "()\n", "\(outcome.errors)")
        #expect(outcome.status == .exited(0))
    }

    @Test(arguments: TestSupport.Configuration.all, Backend.available)
    func `Runs them inside another run, too`(configuration: TestSupport.Configuration, outer: Backend) async throws {
        let outcome = try await Self.runProgram(configuration, outer.rawValue)
        #expect(outcome.output == "100\n", "\(outcome.errors)")
        #expect(outcome.status == .exited(0))
    }

    private static func runProgram(
        _ configuration: TestSupport.Configuration,
        _ more: String...
    ) async throws -> (output: String?, errors: String?, status: TerminationStatus) {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let workers = "\(configuration.workers ?? 0)"
        let outcome = try await Subprocess.run(
            .path(FilePath(tests).removingLastComponent().appending("MainThreadProgram")),
            arguments: Arguments([configuration.backend.rawValue, configuration.switching.rawValue, workers] + more),
            output: .string(limit: 1 << 16),
            error: .string(limit: 1 << 16)
        )
        return (outcome.standardOutput, outcome.standardError, outcome.terminationStatus)
    }
}
