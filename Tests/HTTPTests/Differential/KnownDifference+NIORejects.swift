// SPDX-License-Identifier: Apache-2.0

import HTTP

extension KnownDifference {
    /// What NIO rejects and our parser accepts.
    static let nioRejects = [
        KnownDifference(
            "an unknown method",
            because: "RFC 9110, 9.1: the server should respond with 501, so the parser must accept it",
            example: .requests("FOO / HTTP/1.1\r\nHost: x\r\n\r\n")
        ) {
            !$0.hasResponses && $0.nioMessage == nil
                && $0.ourMessage.map { !Grammar.methodsOfNIO.contains($0.firstLine[0]) } == true
        },

        KnownDifference(
            "a scheme with more than letters",
            because: "RFC 3986, 3.1: it may contain digits, '+', '-' and '.'",
            example: .requests("GET h2c://x/ HTTP/1.1\r\nHost: x\r\n\r\n")
        ) {
            $0.nioMessage == nil && $0.ourMessage?.firstLine[1].contains(/^[A-Za-z]+[0-9+\-.][A-Za-z0-9+\-.]*:/) == true
        },

        KnownDifference(
            "a minor version above 1",
            because: "RFC 9110, 2.5: it is read as the highest one supported",
            example: .requests("GET / HTTP/1.2\r\nHost: x\r\n\r\n")
        ) { $0.nioMessage == nil && $0.raw.contains(/HTTP\/1\.[2-9]/) },

        KnownDifference(
            "a malformed chunk extension",
            because:
                "RFC 9112, 7.1.1: unknown extensions are ignored; ours supports none, and only looks for names and the end",
            example: .requests("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0;a=\"\r\n\r\n")
        ) { $0.nioMessage?.isComplete == false && Grammar.hasOddExtension($0.raw) },

        KnownDifference(
            "a tab after a length",
            because:
                "RFC 9110, 5.5: trailing blanks may be tabs, and are not part of the value; llhttp accepts only spaces",
            example: .requests("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\t\r\n\r\na")
        ) { $0.nioMessage == nil && $0.raw.lowercased().contains(/content-length:[ \t]*[0-9]+ *\t/) },

        KnownDifference(
            "a tab after 'chunked'",
            because:
                "RFC 9110, 5.5: trailing blanks may be tabs, and are not part of the value; llhttp accepts only spaces",
            example: .requests("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n"),
            changesBody: true
        ) { comparison in
            guard let nioMessage = comparison.nioMessage else { return false }
            // NIO rejects such a request, and reads the rest of the connection as the body of a response.
            let isExpected =
                comparison.hasResponses ? comparison.bytes.ends(with: nioMessage.body) : nioMessage.body == []
            return isExpected && comparison.raw.lowercased().contains(/transfer-encoding:[ \t]*chunked *\t/)
        },

        KnownDifference(
            "a length or coding among the trailers",
            because:
                "RFC 9110, 6.5.1: they have no effect there; ours returns them like any other trailer",
            example: .requests(
                "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 1\r\n\r\n"
            )
        ) {
            $0.nioMessage?.isComplete == false
                && $0.ourMessage?.trailers.contains { Grammar.framing.contains($0.name.lowercased()) } == true
        },
    ]

    /// What one of the parsers does not read, because for it the connection has ended.
    static let unread = [
        KnownDifference(
            "bytes after a message that ends the connection",
            because: "RFC 9112, 9.6: a server must not process them; NIO does, and rejects most of them",
            example: .requests("GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n")
        ) { $0.ours.isClosed && $0.ourMessage == nil && $0.nioMessage == nil && $0.previous?.saysClose == true },

        KnownDifference(
            "'close' beside 'keep-alive' in HTTP/1.0",
            because: "RFC 9112, 9.3: 'close' always ends the connection; llhttp overlooks it",
            example: .requests("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\nGET / HTTP/1.0\r\n\r\n")
        ) {
            $0.ours.isClosed && $0.ourMessage == nil && $0.nioMessage != nil && $0.previous?.contradictsItself == true
        },

        KnownDifference(
            "a tab after 'close'",
            because: "RFC 9110, 5.6.1: blanks around a list element may be tabs; llhttp accepts only spaces",
            example: .requests(
                "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\t\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"
            )
        ) {
            $0.ours.isClosed && $0.ourMessage == nil && $0.nioMessage != nil && $0.previous?.saysClose == true
                && $0.previousRaw.lowercased().contains(/connection:(.*,)?[ \t]*close *\t/)
        },

        KnownDifference(
            "an informational response that ends the connection",
            because: "RFC 9110, 15.2: another response always follows; NIO rejects it",
            example: .responses("HTTP/1.0 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", to: ["GET"])
        ) { $0.nioMessage == nil && $0.previous?.isFinal == false && $0.previous?.saysClose == true },

        KnownDifference(
            "an unsolicited response",
            because: "ours does not read it; NIO rejects it",
            example: .responses(
                "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
                to: ["GET"]
            )
        ) { comparison in
            let answers = comparison.ours.messages.count { $0.isFinal }
            return comparison.hasResponses && answers == comparison.methods.count && comparison.ourMessage == nil
                && comparison.nioMessage == nil
        },

        KnownDifference(
            "bytes after a change of protocols",
            because:
                "RFC 9110, 15.2.2: they belong to another protocol; NIO reads them as HTTP unless there is an Upgrade",
            example: .responses(
                "HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
                to: ["GET", "GET"]
            )
        ) { $0.ours.isClosed && $0.ourMessage == nil && $0.previous?.firstLine[1] == "101" },

        KnownDifference(
            "an Upgrade",
            because:
                "RFC 9110, 7.8: it may be ignored; NIO reads nothing after it, as another protocol may begin there",
            example: .requests(
                "GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: y\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"
            )
        ) { $0.nioMessage == nil && $0.previous?.isUpgrade == true },

        KnownDifference(
            "CONNECT",
            because: "RFC 9110, 9.3.6: its body has no meaning, but is a body; NIO reads it as tunnelled bytes",
            example: .requests("CONNECT x:1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na")
        ) { $0.ourMessage?.firstLine[0] == "CONNECT" && $0.nioMessage?.body == [] },

        KnownDifference(
            "M-SEARCH",
            because: "NIO calls it MSEARCH",
            example: .requests("M-SEARCH / HTTP/1.1\r\nHost: x\r\n\r\n")
        ) { $0.ourMessage?.firstLine[0] == "M-SEARCH" && $0.nioMessage?.firstLine[0] == "MSEARCH" },
    ]
}
