// SPDX-License-Identifier: Apache-2.0

import Backends
import HTTP
import Tasklets
import Testing

/// Serving when no thread is to be had for a connection, in a process of its own: the limit is all tests'.
@Suite struct `Out of threads` {
    @Test(.timeLimit(.minutes(1)))
    func `Connections without one are closed, others go on, and later ones are served`() async {
        await #expect(processExitsWith: .success) {
            let replies = try threaded().serve { pages in
                let early = try await pages.connect()
                var replies = [try await early.ask(get, for: ok)]
                let shortage = ThreadShortage()
                for _ in 0..<3 { replies.append(await pages.reply()) }
                replies.append(try await early.ask(get, for: ok))
                shortage.end()
                replies.append(await pages.reply())
                early.stream.close()
                return replies
            }
            #expect(replies == [ok, "", "", "", ok, ok])
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `The server can still be stopped, and has counted those that it served`() async {
        await #expect(processExitsWith: .success) {
            let (end, counters) = try threaded().serve { pages in
                let early = try await pages.connect()
                _ = try await early.ask(get, for: ok)
                let shortage = ThreadShortage()
                for _ in 0..<8 { _ = await pages.reply() }
                let start = ContinuousClock.now
                pages.server.stop()
                try await pages.tasklet.join()
                // The pause, which has grown to 640 milliseconds, does not hold it up.
                #expect(ContinuousClock.now - start < .milliseconds(500))
                shortage.end()
                return (try await early.readToEnd(), pages.server.counters)
            }
            #expect(end == "")
            #expect(counters.connections == 1 && counters.requests == 1)
        }
    }
}

private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
private let ok = Reply.text("GET /")

/// The scheduler that needs a thread for each tasklet.
private func threaded() throws -> Setting { try #require(Setting.all.first { $0.backend == .threadPerTask }) }

extension ServedPages {
    /// The reply on a connection of its own; empty where the server closes that without one, or resets it.
    fileprivate func reply() async -> String { (try? await talk(get)) ?? "" }
}
