// SPDX-License-Identifier: Apache-2.0

/// A request as the client's caller states it, or as a redirect rewrites it.
package struct ClientRequest: Sendable {
    package var method: HTTPMethod
    package var url: PageURL
    var fields: [(name: String, value: String)]
    var body: [UInt8]

    /// Validates a request.
    ///
    /// - Throws: ``HTTPClientError`` if the URL or the request is not valid.
    package init(
        _ method: HTTPMethod,
        _ url: String,
        _ fields: [(name: String, value: String)],
        _ body: [UInt8]
    ) throws {
        do { self.url = try PageURL(url) } catch { throw HTTPClientError(error) }
        if let own = fields.first(where: { Self.reservedFields.contains($0.name.lowercased()) }) {
            throw HTTPClientError(.invalidRequest, url, "the client itself sets the field '\(own.name)'")
        }
        self.method = method
        self.fields = fields
        self.body = body
    }

    private static let reservedFields: Set = ["host", "connection", "content-length", "transfer-encoding"]

    /// Encodes the request.
    package func prepare() throws -> PreparedRequest {
        do {
            return try PreparedRequest(method, url, fields: fields, body: body)
        } catch {
            let rule = "CONNECT and methods without a name cannot be sent, nor control characters in a field"
            throw HTTPClientError(.invalidRequest, url.text, "\(error): \(rule)")
        }
    }

    /// The request that follows a redirect, or nil if the page is not a redirect.
    package func redirected(by page: HTTPPage) throws -> ClientRequest? {
        guard [301, 302, 303, 307, 308].contains(page.status.rawValue), let location = page.headers["location"] else {
            return nil
        }
        var next = self
        do { next.url = try url.resolve(location) } catch { throw HTTPClientError(from: url, to: error) }
        if becomesGet(page.status) { next.becomeGet() }
        if HostKey(next.url) != HostKey(url) { next.remove(Self.credentialFields) }
        return next
    }

    /// RFC 9110 leaves 301 and 302 to the client; every client turns POST into GET.
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

    /// Credentials for one host must not reach another.
    private static let credentialFields: Set = ["authorization", "cookie", "proxy-authorization"]
}
