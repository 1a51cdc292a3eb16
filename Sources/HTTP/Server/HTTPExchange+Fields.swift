// SPDX-License-Identifier: Apache-2.0

/// Adds fields to responses.
extension HTTPExchange {
    /// Adds a field to the response, which must not have begun yet.
    ///
    /// The fields are sent in the order in which they were added, and the same name may be added several times, as for
    /// `Set-Cookie`. They belong to the handler's response: if the server has to respond for the handler, it drops
    /// them.
    ///
    /// - Throws: ``HTTPResponseError``: `invalidField` if the name is not a token or the value has a control character
    ///   such as CR, LF or NUL; `reservedField` for `Connection`, `Content-Length`, `Content-Type`, `Date` and
    ///   `Transfer-Encoding`, which the server writes itself; `alreadyBegun` if the response has begun.
    public func addResponseField(_ name: String, _ value: String) throws(HTTPResponseError) {
        guard case .none = response else { throw .alreadyBegun }
        guard !Self.reservedFields.contains(name.lowercased()) else { throw .reservedField(name) }
        do { responseFields += try Self.line(name, value) } catch { throw .invalidField(name) }
    }

    private static let reservedFields = [
        "connection", "content-length", "content-type", "date", "transfer-encoding",
    ]

    private static func line(_ name: String, _ value: String) throws -> [UInt8] {
        // A colon, a space and the line end.
        let size = name.utf8.count + value.utf8.count + 4
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            var writer = HeadWriter(UnsafeMutableRawBufferPointer(buffer))
            writer.field(name, value)
            count = try writer.finish()
        }
    }
}
