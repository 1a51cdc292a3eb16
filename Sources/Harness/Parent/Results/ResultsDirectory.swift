// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Measurement
import Reports
import SystemPackage

/// Where a run leaves its files.
struct ResultsDirectory: Sendable {
    /// The directory, which exists and was empty.
    let path: FilePath

    /// Creates the directory, with those above it, and makes sure that files can be written there.
    ///
    /// Throws a ``UsageError`` where it cannot be had or is in use. Without a path: `Results/<date>-<host>`.
    static func create(at text: String?) throws -> ResultsDirectory {
        let path = text ?? standardPath()
        guard !path.isEmpty else { throw UsageError("--output needs the name of a directory") }
        do {
            try make(FilePath(path))
        } catch {
            throw UsageError("the output directory '\(path)' cannot be created: \(error)")
        }
        let entries = try? FileManager.default.contentsOfDirectory(atPath: path)
        guard let entries else { throw UsageError("the output directory '\(path)' cannot be read") }
        guard entries.isEmpty else {
            throw UsageError("the output directory '\(path)' is not empty; name a new or an empty one")
        }
        let directory = ResultsDirectory(path: FilePath(path))
        do { try directory.write("", to: "environment.json") } catch { throw UsageError("\(error)") }
        return directory
    }

    /// Writes a whole file.
    func write(_ text: String, to name: String) throws {
        try store(text, name, options: [.create, .truncate])
    }

    /// Writes the files of `histograms`, where there are any.
    func write(_ histograms: [HistogramFiles.File]) throws {
        guard !histograms.isEmpty else { return }
        try makeFolder("histograms")
        for file in histograms { try write(file.text, to: "histograms/\(file.name)") }
    }

    /// Makes a folder in it.
    func makeFolder(_ name: String) throws {
        let folder = path.appending(name)
        do { try Self.make(folder) } catch { throw StorageError(path: folder, reason: "\(error)") }
    }

    /// Adds a line to a file; it is in the kernel's hands when this returns.
    func append(line: String, to name: String) throws {
        try store(line + "\n", name, options: [.create, .append])
    }

    private func store(_ text: String, _ name: String, options: FileDescriptor.OpenOptions) throws {
        let path = path.appending(name)
        do {
            let file = try FileDescriptor.open(
                path,
                .writeOnly,
                options: options,
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            try file.closeAfter { _ = try file.writeAll(text.utf8) }
        } catch {
            throw StorageError(path: path, reason: "\(error)")
        }
    }

    private static func standardPath() -> String {
        let date = Provenance.date().filter { $0 != ":" }
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, host.count - 1)
        let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "Results/\(date)-\(name.isEmpty ? "unknown" : name)"
    }

    /// Creates a directory and those above it.
    ///
    /// One that is there already will do.
    private static func make(_ path: FilePath) throws(Errno) {
        do {
            try makeOne(path)
        } catch {
            let parent = path.removingLastComponent()
            guard error == .noSuchFileOrDirectory, !parent.isEmpty, parent != path else { throw error }
            try make(parent)
            try makeOne(path)
        }
    }

    private static func makeOne(_ path: FilePath) throws(Errno) {
        guard mkdir(path.string, 0o777) != 0 else { return }
        let reason = Errno(rawValue: errno)
        var status = stat()
        let isThere = stat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        guard isThere else { throw reason }
    }
}

/// A file of the results could not be written.
struct StorageError: Error, Equatable, CustomStringConvertible {
    let path: FilePath
    /// What the operating system says.
    let reason: String

    var description: String { "'\(path)' cannot be written: \(reason)" }
}
