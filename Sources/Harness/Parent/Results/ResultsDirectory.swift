// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Measurement
import Reports
import SystemPackage

/// The directory of a run's files.
package struct ResultsDirectory: Sendable {
    /// The path; the directory exists.
    let path: FilePath

    /// Creates the directory and its parents, and checks that it is empty and writable.
    ///
    /// - Parameter text: the path; nil means `Results/<date>-<host>`.
    /// - Throws: ``UsageError`` if the directory cannot be used.
    package static func create(at text: String?) throws -> ResultsDirectory {
        let path = text ?? standardPath()
        guard !path.isEmpty else { throw UsageError("--output needs the path of a directory") }
        do {
            try create(FilePath(path))
        } catch {
            throw UsageError("cannot create the output directory '\(path)': \(error)")
        }
        let entries = try? FileManager.default.contentsOfDirectory(atPath: path)
        guard let entries else { throw UsageError("cannot read the output directory '\(path)'") }
        guard entries.isEmpty else {
            throw UsageError("the output directory '\(path)' is not empty; use a new or an empty directory")
        }
        let directory = ResultsDirectory(path: FilePath(path))
        do { try directory.write("", to: "environment.json") } catch { throw UsageError("\(error)") }
        return directory
    }

    /// The directory of an earlier run.
    ///
    /// - Parameter names: the files that it must have.
    /// - Throws: ``UsageError`` if a file is missing.
    package static func open(_ text: String, having names: [String] = ["run.json"]) throws -> ResultsDirectory {
        let directory = ResultsDirectory(path: FilePath(text))
        for name in names where text.isEmpty || !directory.has(name) {
            throw UsageError("'\(text)' is no results directory of 'bench run': it has no file \(name)")
        }
        return directory
    }

    /// The text of a file; what is no UTF-8 is replaced.
    ///
    /// - Throws: ``UsageError`` if it cannot be read.
    func text(of name: String) throws -> String { String(decoding: try bytes(of: name), as: UTF8.self) }

    /// The bytes of a file.
    ///
    /// - Throws: ``UsageError`` if it cannot be read.
    func bytes(of name: String) throws -> Data {
        let path = path.appending(name)
        do { return try Data(contentsOf: URL(filePath: path.string)) } catch {
            throw UsageError("cannot read '\(path)'")
        }
    }

    /// Whether there is such a file.
    func has(_ name: String) -> Bool { access(path.appending(name).string, F_OK) == 0 }

    /// Cuts a file off after a number of bytes.
    func truncate(_ name: String, to count: Int) throws {
        let path = path.appending(name)
        guard Glibc.truncate(path.string, count) == 0 else {
            throw StorageError(path: path, reason: "\(Errno(rawValue: errno))")
        }
    }

    /// When a file was last written, in seconds of the system clock; nil without such a file.
    func modificationTime(of name: String) -> Double? {
        var status = stat()
        guard stat(path.appending(name).string, &status) == 0 else { return nil }
        return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
    }

    /// Writes a file: whole, or not at all, should this process be killed.
    func write(_ text: String, to name: String) throws {
        try store(text, name, suffix: ".partial", options: [.create, .truncate])
        let file = path.appending(name)
        guard rename(file.string + ".partial", file.string) == 0 else {
            throw StorageError(path: file, reason: "\(Errno(rawValue: errno))")
        }
    }

    /// Writes the files of a folder, all of them: others in it are left from an earlier report, and are removed.
    func write(folder name: String, _ files: [(name: String, text: String)]) throws {
        guard !files.isEmpty || has(name) else { return }
        try createFolder(name)
        for file in files { try write(file.text, to: "\(name)/\(file.name)") }
        let folder = path.appending(name).string
        let known = Set(files.map(\.name))
        for other in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where !known.contains(other) {
            unlink("\(folder)/\(other)")
        }
    }

    /// Creates a folder in the directory.
    func createFolder(_ name: String) throws {
        let folder = path.appending(name)
        do { try Self.create(folder) } catch { throw StorageError(path: folder, reason: "\(error)") }
    }

    /// Appends a line to a file; it survives a crash of this process.
    func append(line: String, to name: String) throws {
        try store(line + "\n", name, options: [.create, .append])
    }

    private func store(
        _ text: String,
        _ name: String,
        suffix: String = "",
        options: FileDescriptor.OpenOptions
    ) throws {
        let path = path.appending(name)
        do {
            let file = try FileDescriptor.open(
                FilePath(path.string + suffix),
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

    /// Creates a directory and its parents, unless it exists.
    private static func create(_ path: FilePath) throws(Errno) {
        do {
            try createOne(path)
        } catch {
            let parent = path.removingLastComponent()
            guard error == .noSuchFileOrDirectory, !parent.isEmpty, parent != path else { throw error }
            try create(parent)
            try createOne(path)
        }
    }

    private static func createOne(_ path: FilePath) throws(Errno) {
        guard mkdir(path.string, 0o777) != 0 else { return }
        let reason = Errno(rawValue: errno)
        var status = stat()
        let exists = stat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        guard exists else { throw reason }
    }
}

/// A file or folder of the results could not be written.
struct StorageError: Error, Equatable, CustomStringConvertible {
    let path: FilePath
    /// The system's error message.
    let reason: String

    var description: String { "cannot write '\(path)': \(reason)" }
}
