// SPDX-License-Identifier: Apache-2.0

/// How much of a message is read before it is refused.
///
/// The buffer that messages are received in must have room for a whole head: ``head`` bytes. This is enough for all else,
/// because no line may be longer, whatever its own limit is.
package struct HTTPLimits: Sendable {
    /// The first line of a request, its end included, in bytes.
    ///
    /// 8000 is the least that RFC 9112 recommends.
    package let requestLine: Int
    /// The head, from the first byte to the empty line, in bytes; also the fields after a body.
    package let head: Int
    /// The fields of a head, or after a body.
    package let fields: Int
    /// The body, decoded, in bytes.
    package let body: Int
    /// All chunk extensions of one body, in bytes.
    package let chunkExtensions: Int

    /// The limits of a server, if nothing is said.
    package init(
        requestLine: Int = 8192,
        head: Int = 16_384,
        fields: Int = 100,
        body: Int = 1 << 20,
        chunkExtensions: Int = 1024
    ) {
        // Nobody receives as much, and places can be added to it.
        let unlimited = 1 << 48
        self.requestLine = min(requestLine, unlimited)
        self.head = min(head, unlimited)
        self.fields = fields
        self.body = body
        self.chunkExtensions = min(chunkExtensions, unlimited)
    }
}
