// SPDX-License-Identifier: Apache-2.0

/// A request, head and body, as the bytes that are sent: written once, sent as often as is wanted.
package final class PreparedRequest: @unchecked Sendable {
    // SAFETY: the memory is this object's, from `init` to `deinit`, and is written in `init` only.
    let bytes: UnsafeRawBufferPointer
    /// What it asks for.
    package let method: HTTPMethod

    /// Writes a request.
    ///
    /// - Parameters:
    ///   - method: one that has a name, other than `connect`.
    ///   - url: where the page is.
    ///   - fields: names and values, in this order, after the Host field and before the Content-Length.
    ///   - body: what is sent after the head.
    /// - Throws: ``WriteError/malformed`` where the server would read something else.
    package init(
        _ method: HTTPMethod,
        _ url: PageURL,
        fields: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) throws(WriteError) {
        let head = Self.mostBytes(url, fields)
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

    /// What a head takes at most: beside the texts there are the names of method, version, Host and Content-Length.
    private static func mostBytes(_ url: PageURL, _ fields: [(name: String, value: String)]) -> Int {
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
        // Where a body is usual, its absence is announced.
        if length > 0 || method.usuallyHasBody { writer.framing(.length(length)) }
        writer.end()
        return try writer.finish()
    }
}

extension HTTPMethod {
    fileprivate var usuallyHasBody: Bool { self == .post || self == .put || self == .patch }

    /// Whether asking twice does what asking once does, so that a request may be repeated: RFC 9110's section 9.2.2.
    var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options, .trace: true
        case .post, .connect, .patch, .other: false
        }
    }
}
