// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess
import SystemPackage

/// From a debug build, which must not measure, to the release build of the same package.
enum ReleaseBuild {
    private static let advice = "run 'swift run -c release bench' in the package's directory instead"

    /// Returns in a build that may measure.
    ///
    /// Elsewhere it builds the release build and becomes it, with the same arguments, or throws a ``UsageError`` that
    /// says what to run.
    static func ensure() throws {
        guard !Build.mayRunTrials else { return }
        let executable = try ownPath()
        guard let package = packageRoot(of: executable) else {
            throw UsageError("this is a debug build and its package cannot be found; \(advice)")
        }
        Output.note("bench: this is a debug build; building and running the release build")
        try Blocking.run { try await build(package) }
        try become(try Blocking.run { try await releasePath(package) })
    }

    /// Where this executable is.
    static func ownPath() throws -> FilePath {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw UsageError("this executable's own path cannot be read; \(advice)") }
        return FilePath(String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    /// The nearest directory above that holds a manifest.
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
        let path = Output.oneLine(outcome.standardOutput)
        guard outcome.terminationStatus.isSuccess, !path.isEmpty else {
            throw UsageError("the release build cannot be found; \(advice)")
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
            throw UsageError("this is a debug build and 'swift' cannot be run; \(advice)")
        }
    }

    private static func become(_ executable: FilePath) throws {
        var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
        execv(executable.string, &arguments)
        throw UsageError("'\(executable)' cannot be run; \(advice)")
    }
}
