// SPDX-License-Identifier: Apache-2.0

import HTTP

extension Difference {
    /// What NIO refuses, and we do not.
    static let refusedByThem = [
        Difference(
            "an unknown method",
            because: "RFC 9110, 9.1: the server is to answer it with 501, which it cannot where the parser refuses it",
            example: .requests("FOO / HTTP/1.1\r\nHost: x\r\n\r\n")
        ) {
            !$0.isOfResponses && $0.their == nil
                && $0.our.map { !Grammar.methodsOfNIO.contains($0.firstLine[0]) } == true
        },

        Difference(
            "a scheme that is not of letters only",
            because: "RFC 3986, 3.1: it may have digits, '+', '-' and '.', too",
            example: .requests("GET h2c://x/ HTTP/1.1\r\nHost: x\r\n\r\n")
        ) { $0.their == nil && $0.our?.firstLine[1].contains(/^[A-Za-z]+[0-9+\-.][A-Za-z0-9+\-.]*:/) == true },

        Difference(
            "a minor version above 1",
            because: "RFC 9110, 2.5: it is read as the highest that is known",
            example: .requests("GET / HTTP/1.2\r\nHost: x\r\n\r\n")
        ) { $0.their == nil && $0.raw.contains(/HTTP\/1\.[2-9]/) },

        Difference(
            "a chunk extension that is malformed",
            because:
                "RFC 9112, 7.1.1: what is not known is ignored, and none is known here; so only its end is looked for",
            example: .requests("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0;\r\n\r\n")
        ) { $0.their?.isComplete == false && Grammar.hasOddExtension($0.raw) },

        Difference(
            "a tab after a length",
            because: "RFC 9110, 5.5: blanks after a value may be tabs, and are no part of it; llhttp takes spaces only",
            example: .requests("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\t\r\n\r\na")
        ) { $0.their == nil && $0.raw.lowercased().contains(/content-length:[ \t]*[0-9]+ *\t/) },

        Difference(
            "a tab after 'chunked'",
            because: "RFC 9110, 5.5: blanks after a value may be tabs, and are no part of it; llhttp takes spaces only",
            example: .requests("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n"),
            changesBody: true
        ) { comparison in
            guard let their = comparison.their else { return false }
            // It refuses a request, and takes all that follows for the body of a response.
            let isExpected = comparison.isOfResponses ? comparison.bytes.ends(with: their.body) : their.body == []
            return isExpected && comparison.raw.lowercased().contains(/transfer-encoding:[ \t]*chunked *\t/)
        },

        Difference(
            "a length or coding among the trailers",
            because:
                "RFC 9110, 6.5.1: they do not count there; we hand them out like any other, and never look at them",
            example: .requests(
                "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 1\r\n\r\n"
            )
        ) {
            $0.their?.isComplete == false
                && $0.our?.trailers.contains { Grammar.framing.contains($0.name.lowercased()) } == true
        },
    ]

    /// What one of the two does not look at, because it takes what came before for the end.
    static let notLookedAt = [
        Difference(
            "something after a message that ends the connection",
            because: "RFC 9112, 9.6: a server must not look at it; NIO does, and refuses most of it",
            example: .requests("GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n")
        ) { $0.ours.isClosed && $0.our == nil && $0.their == nil && $0.previous?.saysClose == true },

        Difference(
            "'close' beside 'keep-alive' in HTTP/1.0",
            because: "RFC 9112, 9.3: 'close' ends the connection whatever else there is; llhttp does not look for it",
            example: .requests("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\nGET / HTTP/1.0\r\n\r\n")
        ) { $0.ours.isClosed && $0.our == nil && $0.their != nil && $0.previous?.contradictsItself == true },

        Difference(
            "a tab after 'close'",
            because: "RFC 9110, 5.6.1: blanks around an element of a list may be tabs; llhttp takes spaces only",
            example: .requests(
                "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\t\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"
            )
        ) {
            $0.ours.isClosed && $0.our == nil && $0.their != nil && $0.previous?.saysClose == true
                && $0.previousRaw.lowercased().contains(/connection:(.*,)?[ \t]*close *\t/)
        },

        Difference(
            "an informational response that ends the connection",
            because: "RFC 9110, 15.2: another response follows it in any case; NIO refuses that one",
            example: .responses("HTTP/1.0 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", to: ["GET"])
        ) { $0.their == nil && $0.previous?.isAnswer == false && $0.previous?.saysClose == true },

        Difference(
            "a response that nobody asked for",
            because: "we do not look at it; NIO refuses it",
            example: .responses(
                "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
                to: ["GET"]
            )
        ) { comparison in
            let answers = comparison.ours.messages.count { $0.isAnswer }
            return comparison.isOfResponses && answers == comparison.methods.count && comparison.our == nil
                && comparison.their == nil
        },

        Difference(
            "something after a change of protocols",
            because:
                "RFC 9110, 15.2.2: it is of another protocol; NIO reads it as HTTP, unless the response has an Upgrade",
            example: .responses(
                "HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
                to: ["GET", "GET"]
            )
        ) { $0.ours.isClosed && $0.our == nil && $0.previous?.firstLine[1] == "101" },

        Difference(
            "an Upgrade",
            because:
                "RFC 9110, 7.8: it may be ignored; NIO looks at nothing after it, because another protocol may begin there",
            example: .requests(
                "GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: y\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"
            )
        ) { $0.their == nil && $0.previous?.isUpgrade == true },

        Difference(
            "CONNECT",
            because: "RFC 9110, 9.3.6: its body means nothing, but it is one; NIO takes it for what follows",
            example: .requests("CONNECT x:1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na")
        ) { $0.our?.firstLine[0] == "CONNECT" && $0.their?.body == [] },

        Difference(
            "M-SEARCH",
            because: "NIO calls it MSEARCH",
            example: .requests("M-SEARCH / HTTP/1.1\r\nHost: x\r\n\r\n")
        ) { $0.our?.firstLine[0] == "M-SEARCH" && $0.their?.firstLine[0] == "MSEARCH" },
    ]
}
