// SPDX-License-Identifier: Apache-2.0

/// Whether the kernel replaces small pages by huge ones, at times of its own choice, in programs that did not ask.
enum HugePages {
    static func observe() -> Condition { condition(ProcFile.text(of: path).flatMap(selected)) }

    /// The chosen word of a setting such as `always [madvise] never`; nil without brackets.
    static func selected(in text: String) -> String? {
        guard let start = text.firstIndex(of: "["), let end = text[start...].firstIndex(of: "]") else { return nil }
        let word = text[text.index(after: start)..<end]
        return word.isEmpty ? nil : String(word)
    }

    static func condition(_ mode: String?) -> Condition {
        switch mode {
        case "madvise"?, "never"?: .fine(name, mode ?? "")
        case "always"?:
            .widens(
                name,
                "always",
                "Memory per tasklet depends on where they form: run 'echo madvise | sudo tee \(path)'."
            )
        default: .unknown(name, "\(path) cannot be read: the kernel was built without them.")
        }
    }

    private static let path = "/sys/kernel/mm/transparent_hugepage/enabled"
    private static let name = "huge pages"
}
