// SPDX-License-Identifier: Apache-2.0

/// A parsed request or response, as copies of its parts.
struct Message: Equatable, CustomStringConvertible {
    /// A field.
    struct Field: Equatable, CustomStringConvertible {
        var name: String
        var value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        var description: String { "\(name): \(value)" }
    }

    /// Method, target and version; or version and status.
    var firstLine: [String]
    var fields: [Field]
    var body: [UInt8] = []
    var trailers: [Field] = []
    /// Whether the body is complete.
    var isComplete = false

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }

    var description: String {
        let end = isComplete ? (trailers.isEmpty ? "" : ", then \(trailers)") : " ..."
        return "\(firstLine) \(fields) \(text.debugDescription)\(end)"
    }

    /// The values of the fields with a name, ignoring case.
    ///
    /// The name must be in lower case.
    func values(_ name: String) -> [String] { fields.filter { $0.name.lowercased() == name }.map(\.value) }
}
