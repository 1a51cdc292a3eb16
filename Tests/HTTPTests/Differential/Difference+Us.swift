// SPDX-License-Identifier: Apache-2.0

import HTTP

extension Difference {
    /// What we refuse, and NIO does not.
    static let refusedByUs = hosts + lines + framing

    private static let hosts = [
        Difference(
            "no Host",
            because: "RFC 9112, 3.2: a server must refuse such a request of HTTP/1.1; NIO leaves that to its user",
            example: .requests("GET / HTTP/1.1\r\nA: b\r\n\r\n")
        ) { $0.ours.error == .missingHost && $0.their?.version == "1.1" && $0.their?.values("host") == [] },

        Difference(
            "two Hosts",
            because: "RFC 9112, 3.2: a server must refuse such a request; NIO leaves that to its user",
            example: .requests("GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n")
        ) { $0.ours.error == .repeatedHost && $0.their.map { $0.values("host").count > 1 } == true },

        Difference(
            "a Host that is none",
            because: "RFC 9112, 3.2: a server must refuse such a request; NIO leaves that to its user",
            example: .requests("GET / HTTP/1.1\r\nHost: u@x\r\n\r\n")
        ) { $0.ours.error == .malformedHost && $0.their.map { !$0.values("host").allSatisfy(Grammar.isHost) } == true },
    ]

    private static let lines = [
        Difference(
            "a target of no form",
            because:
                "RFC 9112, 3.2: there are four forms, and it says which is for which method; NIO takes others, too",
            example: .requests("GET * HTTP/1.1\r\nHost: x\r\n\r\n")
        ) { $0.ours.error == .malformedTarget && $0.their.map { !Grammar.hasTarget($0) } == true },

        Difference(
            "several spaces in a request line",
            because: "RFC 9112, 3: there is one after the method, and one after the target; NIO takes several",
            example: .requests("GET /  HTTP/1.1\r\nHost: x\r\n\r\n")
        ) {
            [.malformedTarget, .malformedVersion].contains($0.ours.error) && $0.their != nil
                && Grammar.hasSeveralSpaces($0.raw)
        },

        Difference(
            "line ends before a message",
            because:
                "RFC 9112, 2.2: one empty line may come before a request; NIO skips any line ends before any message",
            example: .requests("\r\n\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
        ) { comparison in
            let refusals: [HTTPError?] = [.malformedLineEnd, .malformedMethod, .malformedVersion, .truncated]
            let before = String(comparison.raw.unicodeScalars.prefix { $0 == "\r" || $0 == "\n" })
            let isAllowed = before == "\r\n" && !comparison.isOfResponses
            return refusals.contains(comparison.ours.error) && comparison.our == nil && before != "" && !isAllowed
        },

        Difference(
            "another protocol",
            because: "llhttp also reads RTSP and ICE, and NIO takes them for HTTP",
            example: .responses("RTSP/1.0 200 OK\r\n\r\n", to: ["GET"])
        ) { $0.ours.error == .malformedVersion && $0.raw.contains(/(RTSP|ICE)\/[0-9.]+/) },

        Difference(
            "a status below 100",
            because: "RFC 9110, 15: there is none; NIO takes any number of three digits",
            example: .responses("HTTP/1.1 099 Low\r\n\r\n", to: ["GET"])
        ) { $0.ours.error == .malformedStatusLine && $0.their.map { Int($0.firstLine[1]) ?? 0 < 100 } == true },

        Difference(
            "a control character in a reason phrase",
            because: "RFC 9112, 4: it is text; NIO skips whatever it is",
            example: .responses("HTTP/1.1 200 O\u{1}K\r\n\r\n", to: ["GET"])
        ) { $0.ours.error == .malformedStatusLine && $0.their != nil && Grammar.hasOddReason($0.raw) },

        Difference(
            "two carriage returns after a reason phrase",
            because: "RFC 9112, 2.2: the line ends with CR LF; llhttp takes the second CR for the LF",
            example: .responses("HTTP/1.1 200 OK\r\rA: b\r\n\r\n", to: ["GET"])
        ) {
            $0.ours.error == .malformedLineEnd && $0.their != nil
                && Grammar.endsFirstLineWithTwoReturns($0.raw)
        },
    ]

    private static let framing = [
        Difference(
            "Transfer-Encoding in HTTP/1.0",
            because: "RFC 9112, 6.1: such framing is faulty; NIO reads it as in HTTP/1.1",
            example: .requests("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        ) {
            $0.ours.error == .transferEncodingInHTTP10 && $0.their?.version == "1.0"
                && $0.their?.values("transfer-encoding") != []
        },

        Difference(
            "a Transfer-Encoding other than 'chunked'",
            because:
                "RFC 9112, 6.1: what is not understood should be refused; NIO hands out the coded body as the body",
            example: .requests("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")
        ) {
            [.unsupportedTransferEncoding, .malformedTransferEncoding].contains($0.ours.error)
                && $0.their.map { $0.values("transfer-encoding").map { $0.lowercased() } != ["chunked"] } == true
        },

        Difference(
            "a length beyond Int",
            because: "a length is an Int here; llhttp counts in 64 bits without a sign",
            example: .requests("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775808\r\n\r\n")
        ) {
            $0.ours.error == .bodyTooLong && $0.their != nil
                && ($0.their?.values("content-length").contains { UInt64($0) ?? 0 > Int.max } == true
                    || Grammar.hasHugeSize($0.raw))
        },

        Difference(
            "a chunk's size with more than 16 digits",
            because: "no sender has a reason to write them; llhttp takes any number of zeros",
            example: .requests(
                "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n00000000000000000\r\n\r\n"
            )
        ) { $0.ours.error == .malformedChunkSize && Grammar.hasLongSize($0.raw) },
    ]
}
