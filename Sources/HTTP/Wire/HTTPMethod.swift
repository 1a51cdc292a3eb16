// SPDX-License-Identifier: Apache-2.0

/// A request's method: those of RFC 9110, and PATCH.
public enum HTTPMethod: UInt8, Sendable, CaseIterable {
    /// Retrieve the resource.
    case get
    /// Retrieve the head of the response to `get`, without the body.
    case head
    /// Process the body.
    case post
    /// Replace the resource.
    case put
    /// Remove the resource.
    case delete
    /// Open a tunnel.
    case connect
    /// Describe the communication options.
    case options
    /// Echo the request.
    case trace
    /// Modify the resource in part.
    case patch
    /// Any other method; the head has its name.
    case other

    /// The method's name in a request; empty for ``other``.
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

    /// The longest name accepted; RFC 9112 asks for 501 beyond it.
    static let maximumLength = 32

    /// The method with a name.
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
