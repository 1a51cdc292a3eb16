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
    func getPage() async throws -> Bool {
        try await connection.exchange(request, expecting: Self.page)
    }
}

extension HTTPConnection {
    /// Makes a request; returns whether the expected text came, with the status 200.
    ///
    /// Compares in place: what the generator spends takes from the load that it can make.
    func exchange(_ request: PreparedRequest, expecting text: String) async throws -> Bool {
        try await exchange(request)
        return status == .ok && withBody { $0.withUnsafeBytes { $0.elementsEqual(text.utf8) } }
    }
}
