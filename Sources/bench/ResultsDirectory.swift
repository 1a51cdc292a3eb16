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
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw UsageError("the output directory '\(path)' cannot be created: \(reason(error, path))")
        }
        let entries = try? FileManager.default.contentsOfDirectory(atPath: path)
        guard let entries else { throw UsageError("the output directory '\(path)' cannot be read") }
        guard entries.isEmpty else {
            throw UsageError("the output directory '\(path)' is not empty; name a new or an empty one")
        }
        let directory = ResultsDirectory(path: FilePath(path))
        do {
            try directory.write("", to: "trials.jsonl")
        } catch {
            throw UsageError("the output directory '\(path)' cannot be written: \(error)")
        }
        return directory
    }

    /// Writes a whole file.
    func write(_ text: String, to name: String) throws {
        try store(text, name, options: [.create, .truncate])
    }

    /// Adds a line to a file; it is in the kernel's hands when this returns.
    func append(line: String, to name: String) throws {
        try store(line + "\n", name, options: [.create, .append])
    }

    private func store(_ text: String, _ name: String, options: FileDescriptor.OpenOptions) throws {
        let file = try FileDescriptor.open(
            path.appending(name),
            .writeOnly,
            options: options,
            permissions: [.ownerReadWrite, .groupRead, .otherRead]
        )
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }

    private static func standardPath() -> String {
        let date = Provenance.date().filter { $0 != ":" }
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, host.count - 1)
        let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "Results/\(date)-\(name.isEmpty ? "unknown" : name)"
    }

    /// What the operating system says, where the error tells; a file in the way is the usual other cause.
    private static func reason(_ error: any Error, _ path: String) -> String {
        guard let code = (error as? CocoaError)?.code else { return "\(error)" }
        switch code {
        case .fileWriteNoPermission: return "permission denied"
        case .fileWriteFileExists: return "a file of that name exists"
        case .fileWriteVolumeReadOnly: return "the volume is read-only"
        case .fileWriteOutOfSpace: return "the volume is full"
        default: return "one of the names above it is no directory, or the volume refuses"
        }
    }
}
