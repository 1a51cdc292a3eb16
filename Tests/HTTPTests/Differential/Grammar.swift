// SPDX-License-Identifier: Apache-2.0

/// The grammar of messages, written down a second time, as patterns.
enum Grammar {
    static let framing = ["content-length", "transfer-encoding"]

    /// The methods that NIO accepts in HTTP.
    static let methodsOfNIO: Set<String> = [
        "DELETE", "GET", "HEAD", "POST", "PUT", "CONNECT", "OPTIONS", "TRACE", "COPY", "LOCK", "MKCOL", "MOVE",
        "PROPFIND",
        "PROPPATCH", "SEARCH", "UNLOCK", "BIND", "REBIND", "UNBIND", "ACL", "REPORT", "MKACTIVITY", "CHECKOUT", "MERGE",
        "M-SEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "PATCH", "PURGE", "MKCALENDAR", "LINK", "UNLINK", "SOURCE",
        "QUERY",
    ]

    /// Whether a text is a valid value of a Host field.
    static func isHost(_ text: String) -> Bool { text.isEmpty || isAuthority(text) }

    /// Whether a request's target has the form that its method requires.
    static func hasTarget(_ request: Message) -> Bool {
        let (method, target) = (request.firstLine[0], request.firstLine[1])
        if target.contains("#") || !target.unicodeScalars.allSatisfy({ ("!"..."~").contains($0) }) { return false }
        if method == "CONNECT" { return isAuthority(target) && target.contains(/:[0-9]+$/) }
        if target == "*" { return method == "OPTIONS" }
        if target.hasPrefix("/") { return true }
        guard let url = target.wholeMatch(of: /[A-Za-z][A-Za-z0-9+\-.]*:\/\/([^\/?]*)(.*)/) else { return false }
        return isAuthority(String(url.output.1))
    }

    private static func isAuthority(_ text: String) -> Bool {
        text.wholeMatch(of: /(\[[0-9A-Fa-f:.]+\]|([A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f][0-9A-Fa-f])+)(:[0-9]*)?/)
            != nil
    }

    /// Whether some line could be a chunk's, with a size of more than 16 digits.
    static func hasLongSize(_ raw: String) -> Bool {
        lines(raw).contains { line in line.prefix { $0.isHexDigit }.count > 16 }
    }

    /// Whether some line could be a chunk's, with an extension outside RFC 9112's grammar.
    ///
    /// What the RFC calls bad whitespace also counts as outside.
    static func hasOddExtension(_ raw: String) -> Bool {
        lines(raw).contains { line in
            line.wholeMatch(of: /[0-9A-Fa-f]+;.*/) != nil
                && line.wholeMatch(
                    of:
                        /[0-9A-Fa-f]+(;[!#$%&'*+\-.^_`|~A-Za-z0-9]+(=([!#$%&'*+\-.^_`|~A-Za-z0-9]+|"([\t !#-\[\]-~]|\\[\t -~])*"))?)*/
                ) == nil
        }
    }

    /// Whether some line could be a chunk's, with a size that overflows `Int`.
    static func hasHugeSize(_ raw: String) -> Bool {
        lines(raw).contains { $0.wholeMatch(of: /0*[89A-Fa-f][0-9A-Fa-f]{15}(;.*)?/) != nil }
    }

    /// Whether the first line contains two adjacent spaces.
    static func hasSeveralSpaces(_ raw: String) -> Bool { lines(raw).first?.contains("  ") == true }

    /// Whether the first line ends with two carriage returns.
    static func endsFirstLineWithTwoReturns(_ raw: String) -> Bool {
        raw.unicodeScalars.drop { $0 != "\r" && $0 != "\n" }.starts(with: "\r\r".unicodeScalars)
    }

    /// Whether the first line is a status line except for a control character in its reason phrase.
    static func hasOddReason(_ raw: String) -> Bool {
        lines(raw).first?.contains(/^HTTP\/1\.[0-9] [0-9]{3} .*[\u{0}-\u{8}\u{B}-\u{1F}\u{7F}]/) == true
    }

    private static func lines(_ raw: String) -> [String] {
        raw.unicodeScalars.split { $0 == "\r" || $0 == "\n" }.map { String(String.UnicodeScalarView($0)) }
    }
}

extension Message {
    /// The version that it announces.
    var version: String { firstLine[firstLine.count == 3 ? 2 : 0] }

    /// Whether it announces that it is the last message on its connection.
    var saysClose: Bool { options.contains("close") || (version == "1.0" && !options.contains("keep-alive")) }

    /// Whether it is an HTTP/1.0 message with both `close` and `keep-alive`.
    var contradictsItself: Bool { version == "1.0" && options.contains("close") && options.contains("keep-alive") }

    /// Whether it asks for another protocol.
    var isUpgrade: Bool { options.contains("upgrade") && !values("upgrade").isEmpty }

    /// Whether it is a final response.
    var isFinal: Bool { firstLine[1] == "101" || !firstLine[1].hasPrefix("1") }

    private var options: [String] {
        values("connection").flatMap { $0.split(separator: ",") }.map { option in
            option.lowercased().replacing(/^[ \t]+|[ \t]+$/, with: "")
        }
    }
}
