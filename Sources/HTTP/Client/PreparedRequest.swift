// SPDX-License-Identifier: Apache-2.0

/// An encoded request, head and body, to be sent any number of times.
package final class PreparedRequest: @unchecked Sendable {
    // SAFETY: this object owns the memory from `init` to `deinit`, and only `init` writes to it.
    /// The head and the body, valid as long as the request.
    package let bytes: UnsafeRawBufferPointer
    /// The request's method.
    package let method: HTTPMethod

    /// Encodes a request.
    ///
    /// - Parameters:
    ///   - method: any method with a name, except `connect`.
    ///   - url: the page's URL.
    ///   - fields: names and values, sent in this order between Host and Content-Length.
    ///   - body: the bytes to send after the head.
    /// - Throws: ``WriteError/malformed`` if the server would parse the request differently.
    package init(
        _ method: HTTPMethod,
        _ url: PageURL,
        fields: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) throws(WriteError) {
        let head = Self.maxHeadSize(url, fields)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: head + body.count, alignment: 16)
        do {
            let length = try Self.writeHead(into: memory, method, url, fields, body.count)
            UnsafeMutableRawBufferPointer(rebasing: memory[length...]).copyBytes(from: body)
            bytes = UnsafeRawBufferPointer(rebasing: memory[..<(length + body.count)])
            self.method = method
        } catch {
            memory.deallocate()
            throw error
        }
    }

    deinit { bytes.deallocate() }

    /// An upper bound for the head's size: the caller's text, plus method, version, Host and Content-Length.
    private static func maxHeadSize(_ url: PageURL, _ fields: [(name: String, value: String)]) -> Int {
        let texts = url.target.utf8.count + url.authority.utf8.count
        return fields.reduce(128 + texts) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
    }

    private static func writeHead(
        into memory: UnsafeMutableRawBufferPointer,
        _ method: HTTPMethod,
        _ url: PageURL,
        _ fields: [(name: String, value: String)],
        _ length: Int
    ) throws(WriteError) -> Int {
        guard method != .connect else { throw .malformed }
        var writer = HeadWriter(memory)
        writer.requestLine(method, url.target)
        writer.field("Host", url.authority)
        for field in fields { writer.field(field.name, field.value) }
        // Content-Length announces the absence of a body where the method usually has one (RFC 9110, section 8.6).
        if length > 0 || method.usuallyHasBody { writer.framing(.length(length)) }
        writer.end()
        return try writer.finish()
    }
}

extension HTTPMethod {
    fileprivate var usuallyHasBody: Bool { self == .post || self == .put || self == .patch }

    /// Whether the request may be repeated: RFC 9110, section 9.2.2.
    var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options, .trace: true
        case .post, .connect, .patch, .other: false
        }
    }
}
