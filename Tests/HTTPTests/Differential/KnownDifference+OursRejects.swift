// SPDX-License-Identifier: Apache-2.0

import HTTP

extension KnownDifference {
    /// What our parser rejects and NIO accepts.
    static let oursRejects = hosts + lines + framing

    private static let hosts = [
        KnownDifference(
            "no Host",
            because: "RFC 9112, 3.2: a server must reject such an HTTP/1.1 request; NIO leaves that to its users",
            example: .requests("GET / HTTP/1.1\r\nA: b\r\n\r\n")
        ) { $0.ours.error == .missingHost && $0.nioMessage?.version == "1.1" && $0.nioMessage?.values("host") == [] },

        KnownDifference(
            "two Hosts",
            because: "RFC 9112, 3.2: a server must reject such a request; NIO leaves that to its users",
            example: .requests("GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n")
        ) { $0.ours.error == .repeatedHost && $0.nioMessage.map { $0.values("host").count > 1 } == true },

        KnownDifference(
            "an invalid Host",
            because: "RFC 9112, 3.2: a server must reject such a request; NIO leaves that to its users",
            example: .requests("GET / HTTP/1.1\r\nHost: u@x\r\n\r\n")
        ) {
            $0.ours.error == .malformedHost
                && $0.nioMessage.map { !$0.values("host").allSatisfy(Grammar.isHost) } == true
        },
    ]

    private static let lines = [
        KnownDifference(
            "a target of no valid form",
            because:
                "RFC 9112, 3.2: there are four forms, tied to methods; NIO accepts others",
            example: .requests("GET * HTTP/1.1\r\nHost: x\r\n\r\n")
        ) { $0.ours.error == .malformedTarget && $0.nioMessage.map { !Grammar.hasTarget($0) } == true },

        KnownDifference(
            "several spaces in a request line",
            because: "RFC 9112, 3: one follows the method, and one the target; NIO accepts several",
            example: .requests("GET /  HTTP/1.1\r\nHost: x\r\n\r\n")
        ) {
            [.malformedTarget, .malformedVersion].contains($0.ours.error) && $0.nioMessage != nil
                && Grammar.hasSeveralSpaces($0.raw)
        },

        KnownDifference(
            "line ends before a message",
            because:
                "RFC 9112, 2.2: one empty line may precede a request; NIO skips all line ends before any message",
            example: .requests("\r\n\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
        ) { comparison in
            let refusals: [HTTPError?] = [.malformedLineEnd, .malformedMethod, .malformedVersion, .truncated]
            let before = String(comparison.raw.unicodeScalars.prefix { $0 == "\r" || $0 == "\n" })
            let isAllowed = before == "\r\n" && !comparison.hasResponses
            return refusals.contains(comparison.ours.error) && comparison.ourMessage == nil && before != ""
                && !isAllowed
        },

        KnownDifference(
            "another protocol",
            because: "llhttp also parses RTSP and ICE, which NIO passes off as HTTP",
            example: .responses("RTSP/1.0 200 OK\r\n\r\n", to: ["GET"])
        ) { $0.ours.error == .malformedVersion && $0.raw.contains(/(RTSP|ICE)\/[0-9.]+/) },

        KnownDifference(
            "a status below 100",
            because: "RFC 9110, 15: there is none; NIO accepts any three digits",
            example: .responses("HTTP/1.1 099 Low\r\n\r\n", to: ["GET"])
        ) { $0.ours.error == .malformedStatusLine && $0.nioMessage.map { Int($0.firstLine[1]) ?? 0 < 100 } == true },

        KnownDifference(
            "a control character in a reason phrase",
            because: "RFC 9112, 4: a reason phrase is text; NIO skips anything",
            example: .responses("HTTP/1.1 200 O\u{1}K\r\n\r\n", to: ["GET"])
        ) { $0.ours.error == .malformedStatusLine && $0.nioMessage != nil && Grammar.hasOddReason($0.raw) },

        KnownDifference(
            "two carriage returns after a reason phrase",
            because: "RFC 9112, 2.2: the line ends with CR LF; llhttp reads the second CR as the LF",
            example: .responses("HTTP/1.1 200 OK\r\rA: b\r\n\r\n", to: ["GET"])
        ) {
            $0.ours.error == .malformedLineEnd && $0.nioMessage != nil
                && Grammar.endsFirstLineWithTwoReturns($0.raw)
        },
    ]

    private static let framing = [
        KnownDifference(
            "Transfer-Encoding in HTTP/1.0",
            because: "RFC 9112, 6.1: such framing is faulty; NIO treats it as HTTP/1.1 does",
            example: .requests("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        ) {
            $0.ours.error == .transferEncodingInHTTP10 && $0.nioMessage?.version == "1.0"
                && $0.nioMessage?.values("transfer-encoding") != []
        },

        KnownDifference(
            "a Transfer-Encoding other than 'chunked'",
            because:
                "RFC 9112, 6.1: unsupported codings should be rejected; NIO returns the encoded body",
            example: .requests("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")
        ) {
            [.unsupportedTransferEncoding, .malformedTransferEncoding].contains($0.ours.error)
                && $0.nioMessage.map { $0.values("transfer-encoding").map { $0.lowercased() } != ["chunked"] } == true
        },

        KnownDifference(
            "a length beyond Int",
            because: "ours counts in Int; llhttp counts in unsigned 64 bits",
            example: .requests("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775808\r\n\r\n")
        ) {
            $0.ours.error == .bodyTooLong && $0.nioMessage != nil
                && ($0.nioMessage?.values("content-length").contains { UInt64($0) ?? 0 > Int.max } == true
                    || Grammar.hasHugeSize($0.raw))
        },

        KnownDifference(
            "a chunk's size with more than 16 digits",
            because: "no sender needs them; llhttp accepts any number of zeros",
            example: .requests(
                "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n00000000000000000\r\n\r\n"
            )
        ) { $0.ours.error == .malformedChunkSize && Grammar.hasLongSize($0.raw) },

        KnownDifference(
            "a chunk extension without a name",
            because: "RFC 9112, 7.1.1: an extension has a name; llhttp accepts a value alone",
            example: .requests(
                "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0;=\r\n\r\n"
            )
        ) { $0.ours.error == .malformedChunkExtension && Grammar.hasOddExtension($0.raw) },
    ]
}
