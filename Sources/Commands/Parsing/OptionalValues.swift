// SPDX-License-Identifier: Apache-2.0

import Harness

/// Options whose value may be left out, which the parser does not know.
enum OptionalValues {
    /// The arguments, with the value that stands for a missing one.
    static func filled(_ arguments: [String]) -> [String] {
        arguments.indices.flatMap { index -> [String] in
            let next = arguments.dropFirst(index + 1).first
            let isMissing = arguments[index] == "--peers" && next.map { $0.hasPrefix("-") } ?? true
            return isMissing ? [arguments[index], Peers.everything] : [arguments[index]]
        }
    }
}
