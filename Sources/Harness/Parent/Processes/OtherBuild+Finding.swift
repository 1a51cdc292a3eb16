// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
package import Reports
import SystemPackage

extension OtherBuild {
    /// The build that `--against` names: an executable, or a revision of this package, which is built if it has not been
    /// before.
    ///
    /// - Throws: ``UsageError`` if it is neither, cannot be built, or cannot take turns with this build.
    package static func find(_ name: String) throws -> OtherBuild {
        let path = try executable(name).string
        let build = OtherBuild(name: name, path: path, identity: identity(path) ?? "")
        try build.checkVersion()
        return build
    }

    /// Checks that the executable is still the one that was found.
    ///
    /// - Throws: ``UsageError`` if it is not.
    func checkUnchanged() throws {
        guard Self.identity(path) == identity else {
            throw UsageError("'\(path)' has changed since the run began: two builds would be measured as one")
        }
    }

    private static func identity(_ path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return "\(status.st_size) bytes, \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }

    private static func executable(_ name: String) throws -> FilePath {
        if access(name, F_OK) == 0 { return try checked(name) }
        guard let package = ReleaseBuild.packageRoot(of: try ReleaseBuild.ownPath()),
            let revision = try Revision.find(name, in: package)
        else {
            throw UsageError(
                "--against '\(name)' is neither a build of bench nor a revision that git knows in the package's directory"
            )
        }
        return try revision.built()
    }

    private static func checked(_ path: String) throws -> FilePath {
        guard let full = realpath(path, nil) else { throw UsageError("cannot find '\(path)', which --against names") }
        defer { free(full) }
        var status = stat()
        let isFile = stat(full, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        guard isFile, access(full, X_OK) == 0 else {
            throw UsageError("'\(path)', which --against names, is no program, such as .build/release/bench")
        }
        return FilePath(String(cString: full))
    }

    /// Builds that encode requests and responses differently would fail in every trial.
    private func checkVersion() throws {
        let path = path
        let outcome = try Blocking.run {
            try await ChildProcess(executable: FilePath(path)).run(.wireVersion, [], limit: 30)
        }
        if case .output(let text) = outcome, Console.oneLine(text) == "\(ChildCommand.version)" { return }
        throw UsageError("'\(name)', which --against names, is no build of bench that can take turns with this one")
    }
}
