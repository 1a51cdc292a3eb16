// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SystemPackage

/// A folder for temporary files.
struct TemporaryFolder: Sendable {
    let path: String

    /// Creates a folder.
    ///
    /// - Throws: ``StorageError`` if it cannot be created.
    init() throws {
        let name = "switchyard-\(UInt64.random(in: 0 ... .max))"
        path = FileManager.default.temporaryDirectory.appending(path: name).path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw StorageError(path: FilePath(path), reason: "\(error)")
        }
    }

    /// Removes the folder and its files.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
