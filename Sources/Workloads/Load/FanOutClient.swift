// SPDX-License-Identifier: Apache-2.0

import HTTP

/// An HTTP client that requests what a front end makes of the replies of its back ends.
struct FanOutClient: Sendable {
    private let connection: HTTPConnection
    private let url: PageURL
    private let width: Int

    /// Creates connected clients.
    ///
    /// - Parameter width: the number of back ends.
    static func connect(_ count: Int, to text: String, width: Int) async throws -> [FanOutClient] {
        let url = try PageURL(text)
        var clients: [FanOutClient] = []
        for _ in 0..<count {
            let connection = try await HTTPConnection.connect(to: url)
            clients.append(FanOutClient(connection: connection, url: url, width: width))
        }
        return clients
    }

    /// Makes a request; returns whether the right reply came.
    func get(_ request: Int) async throws -> Bool {
        let expected = FanOutReplies.ofFront(request, width: width)
        return try await connection.exchange(PreparedRequest(.get, url.resolve("/\(request)")), expecting: expected)
    }
}
