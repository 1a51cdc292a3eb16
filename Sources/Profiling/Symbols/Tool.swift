// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess
import SystemPackage

/// A tool of the Swift toolchain that reads lines and prints text.
struct Tool: Sendable {
    /// The path of its executable.
    let path: FilePath

    /// Searches the directory of the search path's `swift` first, then the search path itself.
    ///
    /// The toolchain's tools understand everything that its compiler writes; a system's own `llvm-symbolizer` may be
    /// years older.
    ///
    /// - Parameter searchPath: directories separated by colons, as in `PATH`. Relative ones are ignored, so that
    ///   nothing in the current directory runs.
    init?(_ name: String, searchPath: String) {
        let directories = searchPath.split(separator: ":").map { FilePath(String($0)) }.filter(\.isAbsolute)
        let toolchain = directories.lazy.compactMap { Self.resolved($0.appending("swift"))?.removingLastComponent() }
        let candidates = [toolchain.first].compactMap { $0 } + directories
        guard let path = candidates.lazy.map({ $0.appending(name) }).first(where: Self.isExecutable) else { return nil }
        self.path = path
    }

    /// Runs the tool on lines of input, and returns its output.
    ///
    /// The input is a file: with a pipe, a tool that exits early would kill this process by SIGPIPE.
    ///
    /// Throws a ``SymbolizerError``, or `CancellationError`.
    func output(arguments: [String], lines: [String]) async throws -> String {
        let name = path.lastComponent?.string ?? path.string
        do {
            let file = try temporaryFile(lines)
            defer { try? file.close() }
            let outcome = try await Subprocess.run(
                .path(path),
                arguments: Arguments(arguments),
                // Options in the environment could change the output's format.
                environment: .inherit.updating(["LLVM_SYMBOLIZER_OPTS": nil]),
                input: .fileDescriptor(file, closeAfterSpawningProcess: false),
                // Any other limit would be allocated at once.
                output: .bytes(limit: .max),
                error: .string(limit: 1 << 20)
            )
            try Task.checkCancellation()
            guard outcome.terminationStatus.isSuccess else {
                throw SymbolizerError.failed(
                    program: name,
                    reason: Self.reason(outcome.terminationStatus, outcome.standardError)
                )
            }
            return String(decoding: outcome.standardOutput, as: UTF8.self)
        } catch let error as SymbolizerError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw SymbolizerError.failed(program: name, reason: "it did not run (\(error))")
        }
    }

    private static func reason(_ status: TerminationStatus, _ errors: String) -> String {
        let ending =
            switch status {
            case .exited(let code): "it exited with status \(code)"
            case .signaled(let signal): "it crashed with signal \(signal)"
            }
        let line = errors.split(whereSeparator: \.isNewline).first.map { ": \($0.prefix(300))" }
        return ending + (line ?? "")
    }

    /// The path with all symbolic links resolved.
    private static func resolved(_ path: FilePath) -> FilePath? {
        guard isExecutable(path), let text = realpath(path.string, nil) else { return nil }
        defer { free(text) }
        return FilePath(String(cString: text))
    }

    private static func isExecutable(_ path: FilePath) -> Bool {
        var status = stat()
        return stat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path.string, X_OK) == 0
    }
}

/// An unlinked file that contains these lines, positioned at its start.
private func temporaryFile(_ lines: [String]) throws -> FileDescriptor {
    let directory = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    let path = FilePath(directory.isEmpty ? "/tmp" : directory).appending("switchyard-\(UInt64.random(in: 0...(.max)))")
    let file = try FileDescriptor.open(
        path,
        .readWrite,
        options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: .ownerReadWrite
    )
    unlink(path.string)
    do {
        try file.writeAll((lines.joined(separator: "\n") + "\n").utf8)
        try file.seek(offset: 0, from: .start)
    } catch {
        try? file.close()
        throw error
    }
    return file
}
