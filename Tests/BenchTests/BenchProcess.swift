// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Subprocess
import SystemPackage
import Testing

extension Tag {
    /// A test that takes more than a quarter of a second.
    @Tag static var slow: Self
}

/// The built program, run as a user runs it.
struct BenchProcess {
    /// The exit status, or 128 plus the signal's number, as in a shell.
    let status: Int32
    let output: String
    let errors: String

    /// Runs `bench`; by default it may run trials in a debug build.
    ///
    /// - Parameters:
    ///   - environment: changes to the environment of the tests.
    ///   - isTime: polled until it returns true, which sends SIGINT.
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

    /// The program that was built beside the test bundle.
    static var executable: FilePath {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return FilePath(tests).removingLastComponent().appending("bench")
        }
    }
}

/// A directory that is removed at the end of the test.
struct TemporaryDirectory: ~Copyable {
    let path: String

    init() throws {
        path = "\(FileManager.default.temporaryDirectory.path)/switchyard-\(UInt64.random(in: 0...(.max)))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The text of a file, by its path in the directory.
    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(path)/\(name)")), as: UTF8.self)
    }
}
