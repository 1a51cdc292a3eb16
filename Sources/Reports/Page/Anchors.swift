// SPDX-License-Identifier: Apache-2.0

/// Names for the parts of a page that links lead to: each is given once.
struct Anchors {
    private var taken: Set<String> = []

    /// A new name made from a prefix and a text, such as `workload-echo-idle-idle-1000`.
    mutating func anchor(_ prefix: String, _ text: String) -> String {
        let words = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let name = ([prefix] + words.map(String.init)).joined(separator: "-")
        var candidate = name
        var count = 1
        while !taken.insert(candidate).inserted {
            count += 1
            candidate = "\(name)-again-\(count)"
        }
        return candidate
    }
}
