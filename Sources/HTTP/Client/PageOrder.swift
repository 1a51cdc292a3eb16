// SPDX-License-Identifier: Apache-2.0

/// What a client is asked for, and, after a redirect, asks for next.
struct PageOrder {
    var method: HTTPMethod
    var url: PageURL
    var fields: [(name: String, value: String)]
    var body: [UInt8]

    /// Takes an order.
    ///
    /// - Throws: ``HTTPClientError`` where the URL is none that can be fetched, or the request none that can be sent.
    init(_ method: HTTPMethod, _ url: String, _ fields: [(name: String, value: String)], _ body: [UInt8]) throws {
        do { self.url = try PageURL(url) } catch { throw HTTPClientError(error) }
        if let own = fields.first(where: { Self.clientsOwn.contains($0.name.lowercased()) }) {
            throw HTTPClientError(.invalidRequest, url, "'\(own.name)' is a field that the client itself sets")
        }
        self.method = method
        self.fields = fields
        self.body = body
    }

    private static let clientsOwn: Set = ["host", "connection", "content-length", "transfer-encoding"]

    /// The bytes to be sent.
    func prepare() throws -> PreparedRequest {
        do {
            return try PreparedRequest(method, url, fields: fields, body: body)
        } catch {
            let rule = "a method is one with a name, and other than CONNECT; no field may have control characters"
            throw HTTPClientError(.invalidRequest, url.text, "\(error): \(rule)")
        }
    }

    /// What is to be asked for next; nil where the page is no redirect.
    func redirected(by page: HTTPPage) throws -> PageOrder? {
        guard [301, 302, 303, 307, 308].contains(page.status.rawValue), let location = page.headers["location"] else {
            return nil
        }
        var next = self
        do { next.url = try url.resolve(location) } catch { throw HTTPClientError(from: url, to: error) }
        if becomesGet(page.status) { next.becomeGet() }
        if HostKey(next.url) != HostKey(url) { next.remove(Self.secrets) }
        return next
    }

    /// RFC 9110 leaves it to clients with 301 and 302, and all of them do this with POST.
    private func becomesGet(_ status: HTTPStatus) -> Bool {
        switch status.rawValue {
        case 303: method != .head
        case 301, 302: method == .post
        default: false
        }
    }

    private mutating func becomeGet() {
        method = .get
        body = []
        remove(["content-type", "content-encoding", "content-language", "content-location"])
    }

    private mutating func remove(_ names: Set<String>) { fields.removeAll { names.contains($0.name.lowercased()) } }

    /// What was meant for one host is not for another.
    private static let secrets: Set = ["authorization", "cookie", "proxy-authorization"]
}
