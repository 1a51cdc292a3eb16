// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import Testing

/// A connection by itself, as workloads use it.
@Suite struct `HTTP connections` {
    @Test(arguments: Setting.all)
    func `One request is sent again and again, and each reply is looked at in place`(setting: Setting) throws {
        let seen = try setting.run(
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

    @Test(arguments: Setting.all)
    func `Long and short replies take turns on one connection`(setting: Setting) throws {
        let size = 3_000_000
        let (lengths, accepted) = try setting.run(
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

    @Test func `Without a reply, the connection is closed, and says so again`() throws {
        let errors = try Setting.all[0].run(
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
        #expect(errors == ["NoReply()", "NoReply()", "false"])
    }

    @Test(arguments: Setting.all)
    func `A reply that is refused closes the connection, though somebody has it`(setting: Setting) throws {
        let outcome = try setting.run(
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
        #expect(outcome == "\(HTTPError.malformedVersion), NoReply")
    }
}
