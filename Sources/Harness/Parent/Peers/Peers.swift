// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// The peers that a run measures.
package enum Peers {
    /// Builds the peers that `--peers` names: names of folders of the package, and paths of others.
    ///
    /// Call ``isolate()`` first: building a peer runs its code.
    ///
    /// - Parameter text: the list; `all` for every folder of the package; a peer that cannot be built here is left
    ///   out with a sentence.
    /// - Throws: ``UsageError`` for a peer that is named and cannot be built.
    package static func find(_ text: String) throws -> [Peer] {
        guard let package = ReleaseBuild.packageRoot(of: try ReleaseBuild.ownPath()) else {
            throw UsageError("--peers needs the package's directory: its folder scripts/peers has them")
        }
        let cache = package.appending(".build/peers")
        let own = PeerFolder.all(in: package)
        guard text != everything else {
            return try own.compactMap { folder in
                do { return try build(folder, cache) } catch let error as UsageError {
                    Console.note("bench: \(error)")
                    return nil
                }
            }
        }
        return try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
            try build(folder(String(name), among: own), cache)
        }
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

    private static func build(_ folder: PeerFolder, _ cache: FilePath) throws -> Peer {
        try Blocking.run { try await folder.built(in: cache) }
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
