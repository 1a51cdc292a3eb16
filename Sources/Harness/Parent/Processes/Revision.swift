// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// A commit of this package, to be built and compared with.
///
/// Builds stay in `.build/revisions`, one file a commit.
struct Revision: Sendable {
    private let package: FilePath
    private let commit: String

    /// Looks a revision up; returns nil if git does not know it.
    static func find(_ name: String, in package: FilePath) throws -> Revision? {
        // A name that begins with a hyphen would be an option.
        guard !name.isEmpty, !name.hasPrefix("-") else { return nil }
        let commit = try Blocking.run {
            let arguments = ["-C", package.string, "rev-parse", "--verify", "--quiet", "\(name)^{commit}"]
            return await Program.firstLine("git", arguments)
        }
        return commit.map { Revision(package: package, commit: $0) }
    }

    /// The path of the commit's release build, which is built in a worktree unless it is there already.
    ///
    /// - Throws: ``UsageError`` if that fails.
    func built() throws -> FilePath {
        let folder = package.appending(".build/revisions")
        let executable = folder.appending("bench-\(commit)")
        guard access(executable.string, X_OK) != 0 else { return executable }
        Console.note("bench: building revision \(commit.prefix(12)); this takes minutes, once")
        let worktree = folder.appending("source-\(commit)-\(getpid())")
        try Blocking.run {
            defer { try? FileManager.default.removeItem(atPath: worktree.string) }
            do {
                try await build(in: worktree, into: executable)
            } catch {
                await removeWorktree(worktree)
                throw error
            }
            await removeWorktree(worktree)
        }
        return executable
    }

    private func build(in worktree: FilePath, into executable: FilePath) async throws {
        // Of builds that were interrupted.
        try await run("git", ["-C", package.string, "worktree", "prune"])
        try await run("git", ["-C", package.string, "worktree", "add", "--force", "--detach", worktree.string, commit])
        let arguments = ["build", "--package-path", worktree.string, "-c", "release", "--product", "bench"]
        try await run("swift", arguments)
        guard let path = await Program.firstLine("swift", arguments + ["--show-bin-path"]) else {
            throw UsageError("cannot find the build of revision \(commit)")
        }
        // Renamed when it is whole, so that an interrupted copy is not taken for a build.
        let partial = executable.string + ".\(getpid())"
        try? FileManager.default.removeItem(atPath: partial)
        try FileManager.default.copyItem(atPath: "\(path)/bench", toPath: partial)
        guard rename(partial, executable.string) == 0 else {
            throw UsageError("cannot write '\(executable)': \(Errno(rawValue: errno))")
        }
    }

    private func removeWorktree(_ worktree: FilePath) async {
        try? await run("git", ["-C", package.string, "worktree", "remove", "--force", worktree.string])
    }

    /// Runs a program whose messages go to standard error.
    private func run(_ program: String, _ arguments: [String]) async throws {
        let outcome = try? await Subprocess.run(
            .name(program),
            arguments: Arguments(arguments),
            output: .currentStandardError,
            error: .currentStandardError
        )
        guard outcome?.terminationStatus.isSuccess == true else {
            throw UsageError("cannot build revision \(commit): '\(program) \(arguments.joined(separator: " "))' failed")
        }
    }
}
