// SPDX-License-Identifier: Apache-2.0

import Backends
import HTTP
import Tasklets
import TestSupport
import Testing

/// A server that runs out of threads.
///
/// It gets a process of its own, because the limit applies to the whole process.
@Suite struct `Out of threads` {
    @Test
    func `Connections without a thread are closed, others continue, and later ones are served`() async {
        await #expect(processExitsWith: .success) {
            let responses = try threaded.serve { fixture in
                let early = try await fixture.connect()
                var responses = [try await early.roundTrip(get, for: ok)]
                let shortage = ThreadShortage()
                for _ in 0..<3 { responses.append(await fixture.response()) }
                responses.append(try await early.roundTrip(get, for: ok))
                shortage.end()
                responses.append(await fixture.response())
                early.stream.close()
                return responses
            }
            #expect(responses == [ok, "", "", "", ok, ok])
        }
    }

    @Test
    func `The server can still be stopped, and has counted the connections that it served`() async {
        await #expect(processExitsWith: .success) {
            let (end, counters) = try threaded.serve { fixture in
                let early = try await fixture.connect()
                _ = try await early.roundTrip(get, for: ok)
                let shortage = ThreadShortage()
                for _ in 0..<8 { _ = await fixture.response() }
                let start = ContinuousClock.now
                fixture.server.stop()
                try await fixture.tasklet.join()
                // The pause has grown to 640 ms by now, and must not delay the stop.
                #expect(ContinuousClock.now - start < .milliseconds(500))
                shortage.end()
                return (try await early.readToEnd(), fixture.server.counters)
            }
            #expect(end == "")
            #expect(counters.connections == 1 && counters.requests == 1)
        }
    }
}

private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
private let ok = ExpectedResponse.text("GET /")

/// The configuration that needs a thread for each tasklet.
private let threaded = Configuration(backend: .threadPerTask, switching: .kernel)

extension ServerFixture {
    /// The response on a new connection; empty if the server closes or resets it without one.
    fileprivate func response() async -> String { (try? await exchange(get)) ?? "" }
}
