// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The URL of a page served over plain HTTP: `http://host:port/path?query`.
package struct PageURL: Sendable, Equatable {
    /// A name or an address; IPv6 without its brackets.
    package let host: String
    /// The port; 80 by default.
    package let port: Int
    /// The value of the Host field: the host, an IPv6 address in brackets, and the port unless it is 80.
    package let authority: String
    /// The request target: path and query, at least `/`.
    package let target: String

    /// Parses a URL.
    ///
    /// A fragment is dropped, because servers do not get it. Non-ASCII characters must be percent-encoded.
    package init(_ text: String) throws(InvalidURL) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw InvalidURL(text, .notEncoded) }
        let rest = try Self.afterScheme(text)
        let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        guard !rest[..<authorityEnd].contains("@") else { throw InvalidURL(text, .user) }
        let (host, portText) = try Self.split(rest[..<authorityEnd], of: text)
        let isAddress = host.contains(":")
        guard isAddress ? Self.isIPv6(host) : Self.isName(host) else { throw InvalidURL(text, .host) }
        port = try Self.port(portText, of: text)
        self.host = host
        authority = (isAddress ? "[\(host)]" : host) + (port == 80 ? "" : ":\(port)")
        target = try Self.target(rest[authorityEnd...], of: text)
    }

    private static func afterScheme(_ text: String) throws(InvalidURL) -> Substring {
        guard let schemeEnd = text.firstIndex(of: ":"), text[schemeEnd...].hasPrefix("://") else {
            throw InvalidURL(text, .scheme)
        }
        guard text[..<schemeEnd].lowercased() == "http" else { throw InvalidURL(text, .scheme) }
        return text[schemeEnd...].dropFirst(3)
    }

    /// The host without brackets, and the text after the colon that follows it.
    private static func split(_ authority: Substring, of text: String) throws(InvalidURL) -> (String, Substring?) {
        guard authority.first == "[" else {
            let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? parts[1] : nil)
        }
        guard let bracket = authority.firstIndex(of: "]") else { throw InvalidURL(text, .host) }
        let host = authority[..<bracket].dropFirst()
        let rest = authority[bracket...].dropFirst()
        guard rest.isEmpty || rest.first == ":", host.contains(":") else { throw InvalidURL(text, .host) }
        return (String(host), rest.isEmpty ? nil : rest.dropFirst())
    }

    private static func port(_ text: Substring?, of url: String) throws(InvalidURL) -> Int {
        guard let text, !text.isEmpty else { return 80 }
        guard text.utf8.allSatisfy(Ascii.isDigit), let port = Int(text), (1...65_535).contains(port) else {
            throw InvalidURL(url, .port)
        }
        return port
    }

    private static func target(_ text: Substring, of url: String) throws(InvalidURL) -> String {
        let target = text.prefix { $0 != "#" }
        guard hasWellFormedEscapes(target) else { throw InvalidURL(url, .escape) }
        return target.first == "/" ? String(target) : "/" + target
    }

    private static func hasWellFormedEscapes(_ text: Substring) -> Bool {
        text.utf8.split(separator: Ascii.percent, omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
            part.count >= 2 && part.prefix(2).allSatisfy { Ascii.hexadecimal($0) != nil }
        }
    }

    /// Letters, digits, hyphens, dots, and the underscores that some names contain.
    private static func isName(_ host: String) -> Bool {
        !host.isEmpty && host.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    }

    private static func isIPv6(_ host: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET6, host, &address) == 1
    }
}

/// Why a text is not a URL that can be fetched.
package struct InvalidURL: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    package enum Reason: Sendable {
        /// It does not begin with `http://`.
        case scheme
        /// It contains user information.
        case user
        /// The host is missing or not valid.
        case host
        /// The port is not a number from 1 to 65535.
        case port
        /// A percent sign is not followed by two hexadecimal digits.
        case escape
        /// It contains a space, a control character or a non-ASCII character.
        case notEncoded
    }

    /// The URL as given.
    package let url: String
    /// What is wrong with it.
    package let reason: Reason

    /// Creates an error.
    init(_ url: String, _ reason: Reason) {
        self.url = url
        self.reason = reason
    }

    /// A sentence that names the URL and says what is allowed.
    package var description: String { "cannot fetch '\(url)': \(explanation)" }

    /// What is wrong, and what is allowed.
    var explanation: String {
        switch reason {
        case .scheme: "it does not begin with 'http://', the only scheme supported"
        case .user: "it contains a user name, which is not supported"
        case .host: "it has no valid host: a name, or an address, with IPv6 in brackets as in 'http://[::1]:8080/'"
        case .port: "a port must be a number from 1 to 65535"
        case .escape: "a percent sign must be followed by two hexadecimal digits, or be written as '%25'"
        case .notEncoded: "spaces, control characters and non-ASCII characters must be percent-encoded"
        }
    }
}
