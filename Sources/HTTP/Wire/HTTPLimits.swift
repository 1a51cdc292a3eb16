// SPDX-License-Identifier: Apache-2.0

/// The limits beyond which a message is rejected.
///
/// The receive buffer must hold a whole head, ``head`` bytes. That is enough for everything else, too, because no line
/// may be longer, whatever its own limit.
package struct HTTPLimits: Sendable {
    /// The first line of a request including its line end, in bytes.
    ///
    /// RFC 9112 recommends at least 8000.
    package let requestLine: Int
    /// The head, from its first byte through the empty line, in bytes; also the trailers.
    package let head: Int
    /// The number of fields in a head, or in the trailers.
    package let fields: Int
    /// The decoded body, in bytes.
    package let body: Int
    /// All chunk extensions of one body, in bytes.
    package let chunkExtensions: Int

    /// Creates limits; the defaults suit a server.
    package init(
        requestLine: Int = 8192,
        head: Int = 16_384,
        fields: Int = 100,
        body: Int = 1 << 20,
        chunkExtensions: Int = 1024
    ) {
        // No peer can send this much, and adding an index to it cannot overflow.
        let unlimited = 1 << 48
        self.requestLine = min(requestLine, unlimited)
        self.head = min(head, unlimited)
        self.fields = fields
        self.body = body
        self.chunkExtensions = min(chunkExtensions, unlimited)
    }
}
