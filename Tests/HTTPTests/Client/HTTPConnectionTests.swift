// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import TestSupport
import Testing

/// A connection by itself, as workloads use it.
@Suite struct `HTTP connections` {
    @Test(arguments: Configuration.all)
    func `A request is sent repeatedly, and each response is read in place`(configuration: Configuration) throws {
        let seen = try configuration.run(
            { request in [.page(String(repeating: "x", count: request.number))] },
            { server in
                let url = try PageURL(server.url())
                let request = try PreparedRequest(.get, url)
                let connection = try await HTTPConnection.connect(to: url)
                defer { connection.close() }
                var seen: [String] = []
                for _ in 0..<3 {
                    try await connection.exchange(request)
                    let body = connection.withBody { $0.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
                    seen.append("\(connection.status.rawValue) \(connection.bodyLength) \(body)")
                }
                return seen
            }
        )
        #expect(seen == ["200 1 x", "200 2 xx", "200 3 xxx"])
    }

    @Test(arguments: Configuration.all)
    func `Long and short responses alternate on one connection`(configuration: Configuration) throws {
        let size = 3_000_000
        let (lengths, accepted) = try configuration.run(
            { request in [.page(String(repeating: "x", count: request.number % 2 * size + request.number))] },
            { server in
                var lengths: [Int] = []
                for _ in 0..<4 { lengths.append(try await getPage(server.url()).body.count) }
                return (lengths, server.accepted)
            }
        )
        #expect(lengths == [size + 1, 2, size + 3, 4])
        #expect(accepted == 1)
    }

    @Test func `A connection that ends without a response is closed, and every further exchange throws`() throws {
        let errors = try Configuration.all[0].run(
            { _ in [.close] },
            { server in
                let url = try PageURL(server.url())
                let connection = try await HTTPConnection.connect(to: url)
                var errors: [String] = []
                for _ in 0..<2 {
                    do { try await connection.exchange(PreparedRequest(.get, url)) } catch { errors.append("\(error)") }
                }
                return errors + ["\(connection.isReusable)"]
            }
        )
        #expect(errors == ["ServerClosedConnection()", "ServerClosedConnection()", "false"])
    }

    @Test(arguments: Configuration.all)
    func `A rejected response closes the connection even while it is referenced`(configuration: Configuration) throws {
        let outcome = try configuration.run(
            { _ in [.send("SSH-2.0-x\r\n"), .awaitEnd] },
            { server in
                let url = try PageURL(server.url())
                let request = try PreparedRequest(.get, url)
                let connection = try await HTTPConnection.connect(to: url)
                var outcome = "none"
                do { try await connection.exchange(request) } catch { outcome = "\(error)" }
                // The next exchange finds the connection closed at once; otherwise it would wait for the server.
                do { try await connection.exchange(request, deadline: .now) } catch {
                    outcome += ", \(type(of: error))"
                }
                return outcome
            }
        )
        #expect(outcome == "\(HTTPError.malformedVersion), ServerClosedConnection")
    }
}
