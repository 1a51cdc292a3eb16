// SPDX-License-Identifier: Apache-2.0

/// The control groups that limit this process: its own, and all that enclose it.
struct ControlGroups: Sendable, Equatable {
    // The path of the group in the hierarchy of each controller; that of version 2, which has them all, is "".
    private let paths: [String: String]

    /// Parses `/proc/self/cgroup`, with lines such as `4:memory:/a/b` and, for version 2, `0::/a/b`.
    init(_ text: String) {
        var paths: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, Int(fields[0]) != nil else { continue }
            for controller in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
                paths[String(controller)] = String(fields[2])
            }
        }
        self.paths = paths
    }

    /// The groups of this process; nil if `/proc` does not tell.
    static func own() -> ControlGroups? { ProcFile.text(of: "/proc/self/cgroup").map(ControlGroups.init) }

    /// Whether any hierarchy is mounted where this type looks.
    static func areVisible() -> Bool { !ProcFile.names(in: root).isEmpty }

    /// The folders in which a controller's files may be, the process's own group first.
    ///
    /// In a container, the path can be that of the host, while the container's own group is mounted as the root. Then
    /// only the last folder exists.
    func folders(of controller: String) -> [String] {
        let old = Self.folders("\(Self.root)/\(controller)", paths[controller])
        return old + Self.folders(Self.root, paths[""])
    }

    /// The contents of a file in those folders.
    func lines(of file: String, controller: String) -> [String] {
        folders(of: controller).compactMap { ProcFile.line(of: "\($0)/\(file)") }
    }

    private static func folders(_ root: String, _ path: String?) -> [String] {
        guard let path else { return [] }
        var names = path.split(separator: "/").filter { $0 != ".." }
        var folders: [String] = []
        while !names.isEmpty {
            folders.append("\(root)/\(names.joined(separator: "/"))")
            names.removeLast()
        }
        return folders + [root]
    }

    private static let root = "/sys/fs/cgroup"
}
