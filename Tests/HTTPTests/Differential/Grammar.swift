// SPDX-License-Identifier: Apache-2.0

/// What may stand in a message, written down once more, as patterns.
enum Grammar {
    static let framing = ["content-length", "transfer-encoding"]

    /// The methods that NIO reads in HTTP.
    static let methodsOfNIO: Set<String> = [
        "DELETE", "GET", "HEAD", "POST", "PUT", "CONNECT", "OPTIONS", "TRACE", "COPY", "LOCK", "MKCOL", "MOVE",
        "PROPFIND",
        "PROPPATCH", "SEARCH", "UNLOCK", "BIND", "REBIND", "UNBIND", "ACL", "REPORT", "MKACTIVITY", "CHECKOUT", "MERGE",
        "M-SEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "PATCH", "PURGE", "MKCALENDAR", "LINK", "UNLINK", "SOURCE",
        "QUERY",
    ]

    /// Whether it is the value of a Host field.
    static func isHost(_ text: String) -> Bool { text.isEmpty || isAuthority(text) }

    /// Whether a request's target is of the form that its method demands.
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

    /// Whether some line might be a chunk's, with a size of more than 16 digits.
    static func hasLongSize(_ raw: String) -> Bool {
        lines(raw).contains { line in line.prefix { $0.isHexDigit }.count > 16 }
    }

    /// Whether some line might be a chunk's, with an extension that is not of RFC 9112's grammar, less the blanks in it
    /// that the RFC calls bad.
    static func hasOddExtension(_ raw: String) -> Bool {
        lines(raw).contains { line in
            line.wholeMatch(of: /[0-9A-Fa-f]+;.*/) != nil
                && line.wholeMatch(
                    of:
                        /[0-9A-Fa-f]+(;[!#$%&'*+\-.^_`|~A-Za-z0-9]+(=([!#$%&'*+\-.^_`|~A-Za-z0-9]+|"([\t !#-\[\]-~]|\\[\t -~])*"))?)*/
                ) == nil
        }
    }

    /// Whether some line might be a chunk's, with a size that an `Int` does not hold.
    static func hasHugeSize(_ raw: String) -> Bool {
        lines(raw).contains { $0.wholeMatch(of: /0*[89A-Fa-f][0-9A-Fa-f]{15}(;.*)?/) != nil }
    }

    /// Whether the first line has two spaces side by side.
    static func hasSeveralSpaces(_ raw: String) -> Bool { lines(raw).first?.contains("  ") == true }

    /// Whether the first line ends with two carriage returns.
    static func endsFirstLineWithTwoReturns(_ raw: String) -> Bool {
        raw.unicodeScalars.drop { $0 != "\r" && $0 != "\n" }.starts(with: "\r\r".unicodeScalars)
    }

    /// Whether the first line is a status line but for a control character in its phrase.
    static func hasOddReason(_ raw: String) -> Bool {
        lines(raw).first?.contains(/^HTTP\/1\.[0-9] [0-9]{3} .*[\u{0}-\u{8}\u{B}-\u{1F}\u{7F}]/) == true
    }

    private static func lines(_ raw: String) -> [String] {
        raw.unicodeScalars.split { $0 == "\r" || $0 == "\n" }.map { String(String.UnicodeScalarView($0)) }
    }
}

extension Message {
    /// The version that it says it is of.
    var version: String { firstLine[firstLine.count == 3 ? 2 : 0] }

    /// Whether no message follows on its connection.
    var saysClose: Bool { options.contains("close") || (version == "1.0" && !options.contains("keep-alive")) }

    /// Whether it says, in HTTP/1.0, both that another message follows on its connection and that none does.
    var contradictsItself: Bool { version == "1.0" && options.contains("close") && options.contains("keep-alive") }

    /// Whether it asks for another protocol.
    var isUpgrade: Bool { options.contains("upgrade") && !values("upgrade").isEmpty }

    /// Whether it answers a request, and is not only informational.
    var isAnswer: Bool { firstLine[1] == "101" || !firstLine[1].hasPrefix("1") }

    private var options: [String] {
        values("connection").flatMap { $0.split(separator: ",") }.map { option in
            option.lowercased().replacing(/^[ \t]+|[ \t]+$/, with: "")
        }
    }
}
