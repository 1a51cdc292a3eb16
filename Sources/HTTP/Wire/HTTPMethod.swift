// SPDX-License-Identifier: Apache-2.0

/// What a request asks for: the methods of RFC 9110, and PATCH.
public enum HTTPMethod: UInt8, Sendable, CaseIterable {
    /// Send what is there.
    case get
    /// Send the head that `get` would have, without the body.
    case head
    /// Process the body.
    case post
    /// Replace what is there.
    case put
    /// Remove what is there.
    case delete
    /// Open a tunnel.
    case connect
    /// Tell what can be asked for.
    case options
    /// Send the request back.
    case trace
    /// Change a part of what is there.
    case patch
    /// Another one: the head knows its name.
    case other

    /// The name as it stands in a request; empty for another one.
    package var name: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .connect: "CONNECT"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .patch: "PATCH"
        case .other: ""
        }
    }

    /// The longest name that is read; RFC 9112 wants 501 for a longer one.
    static let maximumLength = 32

    /// Finds the method of a name.
    @inline(__always) init(_ bytes: RawSpan, _ name: Range<Int>) {
        if name.count == 3, bytes.isExactly("GET", at: name) {
            self = .get
        } else {
            self.init(unusual: bytes, name)
        }
    }

    @inline(never) private init(unusual bytes: RawSpan, _ name: Range<Int>) {
        self = Self.allCases.first { bytes.isExactly($0.name, at: name) } ?? .other
    }
}
