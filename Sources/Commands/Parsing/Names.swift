// SPDX-License-Identifier: Apache-2.0

/// Suggestions for mistyped names.
enum Names {
    /// The known name with the smallest edit distance, if that is small enough for a typing error.
    static func nearest(to name: String, in known: [String]) -> String? {
        let ranked = known.map { ($0, distance(name, $0)) }.min { $0.1 < $1.1 }
        guard let (nearest, edits) = ranked, edits <= max(2, name.count / 3) else { return nil }
        return nearest
    }

    /// The Levenshtein distance.
    static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (line, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in right.indices {
                let substituted = diagonal + (right[column] == character ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substituted, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
