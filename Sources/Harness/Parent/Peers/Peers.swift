// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// The peers that a run measures.
package enum Peers {
    /// Builds the peers that `--peers` names: names of folders of the package, and paths of others.
    ///
    /// Call ``isolate()`` first: building a peer runs its code.
    ///
    /// - Parameter text: the list; `all` for every folder of the package that can be built here.
    /// - Throws: ``UsageError`` for a peer that is named and cannot be built.
    package static func find(_ text: String) throws -> [Peer] {
        guard text != everything else { return try available(names) }
        let package = try package()
        let own = PeerFolder.all(in: package)
        return try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
            try build(folder(String(name), among: own), in: package)
        }
    }

    /// Builds peers of the package, as ``find(_:)`` does.
    ///
    /// Leaves a peer out that cannot be built here, with a sentence on
    /// how to get it.
    package static func available(_ names: [String]) throws -> [Peer] {
        let package = try package()
        return try PeerFolder.all(in: package).filter { names.contains($0.name) }.compactMap { folder in
            do { return try build(folder, in: package) } catch let error as UsageError {
                Console.note("bench: \(error)")
                return nil
            }
        }
    }

    private static func package() throws -> FilePath {
        guard let package = ReleaseBuild.packageRoot(of: try ReleaseBuild.ownPath()) else {
            throw UsageError("--peers needs the package's directory: its folder scripts/peers has them")
        }
        return package
    }

    /// Has this run, and so its peers, leave the machine's network; returns whether it did.
    ///
    /// Call it before the process has a second thread. See ``PeerNetwork``.
    package static func isolate() -> Bool { PeerNetwork.leave() }

    /// The names of the peers that the package has; empty where it cannot be found.
    package static var names: [String] {
        let package = (try? ReleaseBuild.ownPath()).flatMap(ReleaseBuild.packageRoot)
        return package.map { PeerFolder.all(in: $0).map(\.name) } ?? []
    }

    /// What stands for all peers of the package.
    package static let everything = "all"

    private static func build(_ folder: PeerFolder, in package: FilePath) throws -> Peer {
        try Blocking.run { try await folder.built(in: package.appending(".build/peers")) }
    }

    private static func folder(_ name: String, among own: [PeerFolder]) throws -> PeerFolder {
        if let folder = own.first(where: { $0.name == name }) { return folder }
        let folder = PeerFolder(path: FilePath(name))
        if name.contains("/"), folder.hasUnusableProgram {
            throw UsageError("'\(name)/build' is not executable: chmod +x makes it so")
        }
        guard name.contains("/"), folder.hasProgram else {
            let known = (own.map(\.name) + [everything]).joined(separator: ", ")
            throw UsageError(
                "unknown peer '\(name)'; expected one of \(known), or the path of a folder with a program 'build'"
            )
        }
        return folder
    }
}
