// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// JSON whose keys are sorted, so that equal values give equal text.
enum SortedJSON {
    /// One line, without its end.
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
