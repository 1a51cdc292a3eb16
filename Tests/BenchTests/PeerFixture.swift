// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

/// The folder of a peer for tests.
struct PeerFixture {
    /// Its path.
    let path: String

    /// Writes the folder.
    ///
    /// - Parameters:
    ///   - program: the peer's program, which `build` copies.
    ///   - build: the script that builds it.
    init(in directory: borrowing TemporaryDirectory, program: String, build: String = Self.copying) throws {
        path = "\(directory.path)/fake"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in [("program", program), ("build", "#!/bin/bash\n\(build)\n")] {
            let file = "\(path)/\(name)"
            try Data(text.utf8).write(to: URL(filePath: file))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        }
    }

    static let copying = #"cp "$(dirname "$0")/program" "$1/peer""#

    /// What a shell script that answers each line of standard input with what some commands print, in which `$n` is the
    /// number of runs.
    static func shell(
        answer: String,
        announcement: String = #"{"protocol":1,"name":"fake","version":"1","workloads":["ping-pong"]}"#
    ) -> String {
        """
        #!/bin/bash
        if [ "$1" = announce ]; then echo '\(announcement)'; exit; fi
        while read -r _ n; do \(answer); done

        """
    }

    /// A row of the peer, or of a scheduler, in `results.csv`.
    struct Row {
        var backend: String
        var switching: String
        var cpus: String
        var metric: String
        var median: String
        var status: String
    }

    /// The rows of a run's results.
    static func rows(_ directory: borrowing TemporaryDirectory) throws -> [Row] {
        let lines = try directory.text("results/results.csv").split(separator: "\n").map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return lines.dropFirst().map {
            Row(backend: $0[2], switching: $0[3], cpus: $0[4], metric: $0[5], median: $0[9], status: $0[17])
        }
    }
}
