// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Reports
import Subprocess
import SystemPackage

/// The source of a peer: a folder with a program `build`; see `scripts/peers/README.md`.
struct PeerFolder: Sendable, Equatable {
    /// Its path.
    let path: FilePath

    /// The folders of the peers that the package has, by name.
    static func all(in package: FilePath) -> [PeerFolder] {
        let root = package.appending("scripts/peers")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.string)) ?? []
        return names.sorted().map { PeerFolder(path: root.appending($0)) }.filter(\.hasProgram)
    }

    /// Its name.
    var name: String { path.lastComponent?.string ?? path.string }

    /// Whether it can be built.
    var hasProgram: Bool { access(path.appending("build").string, X_OK) == 0 }

    /// Whether only a permission is missing.
    var hasUnusableProgram: Bool { !hasProgram && access(path.appending("build").string, F_OK) == 0 }

    /// Builds the peer, unless it was built from the same files by the same compiler.
    ///
    /// - Parameter cache: where built peers are kept.
    /// - Throws: ``UsageError`` that says what is missing, or what the compiler says.
    func built(in cache: FilePath) async throws -> Peer {
        let builder = path.appending("build").string
        let compiler = await Program.firstLine(builder, ["--version"]) ?? "unknown"
        let folder = cache.appending("\(name)-\(try fingerprint(compiler))")
        let program = folder.appending("peer").string
        if access(program, X_OK) != 0 {
            try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
            try await build(builder, folder)
        }
        let announcement = try await announcement(program)
        return Peer(announcement: announcement, path: program, differences: differences)
    }

    private var differences: [String] {
        let readme = FileManager.default.contents(atPath: path.appending("README.md").string) ?? Data()
        return PeerDescription.differences(inReadme: String(decoding: readme, as: UTF8.self))
    }

    private func build(_ builder: String, _ folder: FilePath) async throws {
        let outcome = try await Subprocess.run(
            .path(FilePath(builder)),
            arguments: [folder.string],
            output: .discarded,
            error: .string(limit: 1 << 20)
        )
        guard !outcome.terminationStatus.isSuccess else { return }
        let reason = outcome.standardError.split(separator: "\n").last.map(String.init) ?? "its build failed"
        throw UsageError("the peer '\(name)' cannot be built: \(Console.oneLine(reason))")
    }

    private func announcement(_ program: String) async throws -> PeerAnnouncement {
        guard let line = await Program.firstLine(program, ["announce"]),
            let announcement = try? JSONText.value(PeerAnnouncement.self, from: line)
        else { throw UsageError("the peer '\(name)' does not announce itself as the protocol asks") }
        guard announcement.protocol == PeerAnnouncement.version else {
            throw UsageError(
                "the peer '\(name)' speaks version \(announcement.protocol) of the protocol, and this build version "
                    + "\(PeerAnnouncement.version)"
            )
        }
        return announcement
    }

    /// FNV-1a over the compiler's version, and the names and bytes of all files.
    private func fingerprint(_ compiler: String) throws -> String {
        let names = try FileManager.default.subpathsOfDirectory(atPath: path.string).sorted()
        var hash = FNV1a()
        hash.add(compiler.utf8)
        for name in names {
            hash.add(name.utf8)
            hash.add(FileManager.default.contents(atPath: path.appending(name).string) ?? Data())
        }
        return String(hash.value, radix: 16)
    }
}

/// The hash of Fowler, Noll and Vo with 64 bits, in the variant 1a.
private struct FNV1a {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
        // Tells the end of one field from the beginning of the next.
        value = value &* 0x100_0000_01b3
    }
}
