// SPDX-License-Identifier: Apache-2.0

/// A server's response.
public struct HTTPPage: Sendable {
    /// The status of the response.
    public let status: HTTPStatus
    /// The fields of the response's head.
    public let headers: Headers
    /// The body, with the transfer coding removed.
    public let body: [UInt8]
    /// The final URL, after redirects, without its fragment.
    public let url: String

    /// The body decoded as UTF-8; invalid sequences become `U+FFFD`.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// Copies a connection's last response.
    package init(_ connection: HTTPConnection, url: String) {
        status = connection.status
        headers = connection.withHead { Headers(connection.head.fields, in: $0) }
        body = connection.withBody { $0.withUnsafeBytes { Array($0) } }
        self.url = url
    }

    /// Fields in the order in which the server sent them.
    public struct Headers: Sendable, RandomAccessCollection, CustomStringConvertible {
        /// A field's name, in its original case, and its value.
        public typealias Element = (name: String, value: String)

        private let fields: [Element]

        init(_ fields: HTTPFields, in bytes: RawSpan) {
            var cursor = fields.makeCursor()
            var all: [Element] = []
            while let field = cursor.next(in: bytes) {
                all.append((bytes.text(field.name), bytes.text(field.value)))
            }
            self.fields = all
        }

        /// The first value of a field, or nil.
        ///
        /// The name is case-insensitive.
        public subscript(name: String) -> String? { values(name).first }

        /// All values of a field.
        ///
        /// The name is case-insensitive.
        public func values(_ name: String) -> [String] {
            let name = name.lowercased()
            return fields.filter { $0.name.lowercased() == name }.map(\.value)
        }

        public var startIndex: Int { fields.startIndex }
        public var endIndex: Int { fields.endIndex }
        public subscript(position: Int) -> Element { fields[position] }

        /// One line per field.
        public var description: String { fields.map { "\($0.name): \($0.value)" }.joined(separator: "\n") }
    }
}

extension RawSpan {
    /// Decodes a range as UTF-8.
    fileprivate func text(_ range: Range<Int>) -> String {
        extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}
