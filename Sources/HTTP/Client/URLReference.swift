// SPDX-License-Identifier: Apache-2.0

extension PageURL {
    /// The complete URL, with its scheme.
    package var text: String { "http://\(authority)\(target)" }

    /// Resolves a reference found in this page by RFC 3986, section 5.2, and drops its fragment.
    ///
    /// Characters that should have been percent-encoded are encoded, as browsers do: servers rely on it.
    package func resolve(_ reference: String) throws(InvalidURL) -> PageURL {
        let reference = Self.encoded(reference).prefix { $0 != "#" }
        if Self.hasScheme(reference) { return try PageURL(String(reference)) }
        if reference.hasPrefix("//") { return try PageURL("http:\(reference)") }
        return try PageURL("http://\(authority)\(resolveTarget(reference))")
    }

    private func resolveTarget(_ reference: Substring) -> String {
        let path = reference.prefix { $0 != "?" }
        let ownPath = target.prefix { $0 != "?" }
        guard !path.isEmpty else { return reference.isEmpty ? target : String(ownPath + reference) }
        let query = reference[path.endIndex...]
        if path.first == "/" { return Self.withoutDots(path) + query }
        let folder = ownPath[...(ownPath.lastIndex(of: "/") ?? ownPath.startIndex)]
        return Self.withoutDots(folder + path) + query
    }

    /// Removes the segments `.` and `..` from a path that begins with a slash.
    private static func withoutDots(_ path: some StringProtocol) -> String {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        var kept: [String] = []
        for segment in segments where segment != "." {
            if segment == ".." { _ = kept.popLast() } else { kept.append(String(segment)) }
        }
        // A final dot segment names a folder.
        if segments.last == "." || segments.last == ".." { kept.append("") }
        return "/" + kept.joined(separator: "/")
    }

    private static func hasScheme(_ reference: Substring) -> Bool {
        let scheme = reference.utf8.prefix { Ascii.isInScheme($0) }
        guard let first = scheme.first, scheme.endIndex < reference.endIndex else { return false }
        return Ascii.isLetter(first) && reference.utf8[scheme.endIndex] == Ascii.colon
    }

    private static func encoded(_ text: String) -> String {
        if text.utf8.allSatisfy(isVisible) { return text }
        return text.utf8.map { byte in
            if isVisible(byte) { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
        }.joined()
    }

    private static func isVisible(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }
}
