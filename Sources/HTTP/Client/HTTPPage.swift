// SPDX-License-Identifier: Apache-2.0

/// What a server has replied with.
public struct HTTPPage: Sendable {
    /// What became of the request.
    public let status: HTTPStatus
    /// The fields of the reply's head.
    public let headers: Headers
    /// The body, decoded as far as its transfer is concerned.
    public let body: [UInt8]
    /// Where the page was found in the end, without fragment.
    public let url: String

    /// The body as text: of UTF-8, with `U+FFFD` where it is none.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// Copies the last reply on a connection.
    init(_ connection: HTTPConnection, url: String) {
        status = connection.status
        headers = connection.withHead { Headers(connection.head.fields, in: $0) }
        body = connection.withBody { $0.withUnsafeBytes { Array($0) } }
        self.url = url
    }

    /// Fields, in the order in which they were sent.
    public struct Headers: Sendable, RandomAccessCollection, CustomStringConvertible {
        /// A field's name, as it was sent, and its value.
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

        /// The first value of a name, in any case; nil where there is none.
        public subscript(name: String) -> String? { values(name).first }

        /// All values of a name, in any case.
        public func values(_ name: String) -> [String] {
            let name = name.lowercased()
            return fields.filter { $0.name.lowercased() == name }.map(\.value)
        }

        public var startIndex: Int { fields.startIndex }
        public var endIndex: Int { fields.endIndex }
        public subscript(position: Int) -> Element { fields[position] }

        /// A line for each field.
        public var description: String { fields.map { "\($0.name): \($0.value)" }.joined(separator: "\n") }
    }
}

extension RawSpan {
    /// A part as text.
    fileprivate func text(_ range: Range<Int>) -> String {
        extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}
