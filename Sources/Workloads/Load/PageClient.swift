// SPDX-License-Identifier: Apache-2.0

import HTTP

/// An HTTP client that requests pages over one connection.
struct PageClient: Sendable {
    /// The page that the server under load sends.
    static let page = "Hello, world!\n"

    private let connection: HTTPConnection
    private let request: PreparedRequest

    /// Creates connected clients.
    static func connect(_ count: Int, to text: String) async throws -> [PageClient] {
        let url = try PageURL(text)
        let request = try PreparedRequest(.get, url)
        var clients: [PageClient] = []
        for _ in 0..<count {
            clients.append(PageClient(connection: try await HTTPConnection.connect(to: url), request: request))
        }
        return clients
    }

    /// Requests the page; returns whether it came.
    ///
    /// Compares in place: what the generator spends takes from the load that it can make.
    func getPage() async throws -> Bool {
        try await connection.exchange(request)
        return connection.status == .ok
            && connection.withBody { $0.withUnsafeBytes { $0.elementsEqual(Self.page.utf8) } }
    }
}
