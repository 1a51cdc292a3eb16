// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Subprocess
import SystemPackage
import Testing

extension Tag {
    /// Takes more than a quarter of a second.
    @Tag static var slow: Self
}

/// The built program, run as a user runs it.
struct BenchProcess {
    /// The exit status; 128 and more after a signal, as a shell has it.
    let status: Int32
    let output: String
    let errors: String

    /// Runs `bench` with these arguments, with trials permitted in whichever build the tests are.
    ///
    /// - Parameters:
    ///   - environment: what differs from the tests' own.
    ///   - isTime: asked again and again; once it says yes, an interrupt is sent. Never where nil.
    static func run(
        _ arguments: [String],
        permitsTrials: Bool = true,
        environment: [Environment.Key: String?] = [:],
        interruptWhen isTime: (@Sendable () -> Bool)? = nil
    ) async throws -> BenchProcess {
        let value = permitsTrials ? "1" : nil
        let outcome = try await Subprocess.run(
            .path(executable),
            arguments: Arguments(arguments),
            environment: .inherit.updating(environment.merging(["SWITCHYARD_DEBUG_TRIALS": value]) { own, _ in own }),
            input: .none,
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        ) { execution in
            guard let isTime else { return }
            while !isTime() { try await Task.sleep(for: .milliseconds(10)) }
            try execution.send(signal: .interrupt)
        }
        return BenchProcess(
            status: number(outcome.terminationStatus),
            output: outcome.standardOutput,
            errors: outcome.standardError
        )
    }

    private static func number(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }

    /// The program is built beside the test bundle.
    static var executable: FilePath {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return FilePath(tests).removingLastComponent().appending("bench")
        }
    }
}

/// A directory that is gone when the test is over.
struct TemporaryDirectory: ~Copyable {
    let path: String

    init() throws {
        path = "\(FileManager.default.temporaryDirectory.path)/switchyard-\(UInt64.random(in: 0...(.max)))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The text of a file in a directory within.
    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(path)/\(name)")), as: UTF8.self)
    }
}
