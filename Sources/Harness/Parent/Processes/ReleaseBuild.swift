// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess
import SystemPackage

/// Replaces a debug build, which must not measure, by the release build of the same package.
package enum ReleaseBuild {
    private static let advice = "run 'swift run -c release bench' in the package's directory instead"

    /// Returns if this build may measure; otherwise builds the release build and executes it with the same arguments.
    ///
    /// - Throws: ``UsageError`` with the command to run instead, if that fails.
    package static func ensure() throws {
        guard !BuildMode.mayRunTrials else { return }
        let executable = try ownPath()
        guard let package = packageRoot(of: executable) else {
            throw UsageError("this is a debug build, and its package was not found; \(advice)")
        }
        Console.note("bench: this is a debug build; building and running the release build")
        try Blocking.run { try await build(package) }
        try execute(try Blocking.run { try await releasePath(package) })
    }

    /// The path of this executable.
    static func ownPath() throws -> FilePath {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw UsageError("cannot read the path of this executable; \(advice)") }
        return FilePath(String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    /// The nearest directory above the executable with a manifest; nil if no directory has one.
    static func packageRoot(of executable: FilePath) -> FilePath? {
        var directory = executable.removingLastComponent()
        while access(directory.appending("Package.swift").string, R_OK) != 0 {
            guard !directory.components.isEmpty else { return nil }
            directory.removeLastComponent()
        }
        return directory
    }

    private static func arguments(_ package: FilePath) -> [String] {
        ["build", "--package-path", package.string, "-c", "release", "--product", "bench"]
    }

    private static func build(_ package: FilePath) async throws {
        let outcome = try await swift(arguments(package), output: .currentStandardError)
        guard outcome.terminationStatus.isSuccess else {
            throw UsageError("the release build failed; \(advice)")
        }
    }

    private static func releasePath(_ package: FilePath) async throws -> FilePath {
        let outcome = try await swift(arguments(package) + ["--show-bin-path"], output: .string(limit: 65_536))
        let path = Console.oneLine(outcome.standardOutput)
        guard outcome.terminationStatus.isSuccess, !path.isEmpty else {
            throw UsageError("cannot find the release build; \(advice)")
        }
        return FilePath(path).appending("bench")
    }

    private static func swift<Stream: OutputProtocol>(
        _ arguments: [String],
        output: Stream
    ) async throws -> ExecutionResult<Void, Stream, FileDescriptorOutput> {
        do {
            return try await Subprocess.run(
                .name("swift"),
                arguments: Arguments(arguments),
                output: output,
                error: .currentStandardError
            )
        } catch {
            throw UsageError("this is a debug build, and 'swift' cannot be run; \(advice)")
        }
    }

    private static func execute(_ executable: FilePath) throws {
        var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
        execv(executable.string, &arguments)
        throw UsageError("cannot execute '\(executable)'; \(advice)")
    }
}
