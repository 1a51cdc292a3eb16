// SPDX-License-Identifier: Apache-2.0

import CClock
import Glibc
import HTTP
import Tasklets
import TestSupport
import Testing

/// In a process of its own, whose continuous clock jumps, as it does when the machine sleeps.
@Suite struct `A server on a machine that has slept` {
    @Test func `Times an incomplete head out as soon as it did before`() async {
        await #expect(processExitsWith: .success) {
            // If the reply came an hour late, this would end the process.
            alarm(60)
            let options = HTTPServerOptions.with { $0.headTimeout = .milliseconds(20) }
            let late = ExpectedResponse.last("\(HTTPError.timedOut)\n", "408 Request Timeout")
            for configuration in Configuration.all {
                let responses = try configuration.serve(options) { fixture in
                    let before = try await fixture.exchange("GET / HTTP/1.1\r\n", halfCloses: false)
                    clock_jump(3600)
                    return [before, try await fixture.exchange("GET / HTTP/1.1\r\n", halfCloses: false)]
                }
                guard responses == [late, late] else { fatalError("\(configuration): \(responses)") }
            }
        }
    }

    @Test func `Times a head out that was incomplete when it fell asleep`() async {
        await #expect(processExitsWith: .success) {
            alarm(60)
            let options = HTTPServerOptions.with { $0.headTimeout = .seconds(3000) }
            let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
            let expected =
                ExpectedResponse.text("GET /") + ExpectedResponse.last("\(HTTPError.timedOut)\n", "408 Request Timeout")
            // A thread that waits on its own looks at the time once a minute.
            for configuration in Configuration.all where !configuration.isThreadPerTasklet {
                let response = try configuration.serve(options) { fixture in
                    let connection = try await fixture.connect()
                    try await connection.send(get + "GET / HTTP/1.1\r\n")
                    // From then on it is not idle, but has half a head.
                    let first = try await connection.read(ExpectedResponse.text("GET /").utf8.count)
                    let response = OneShot<String>()
                    let reader = Tasklet.spawn { response.fulfill(try await connection.readToEnd()) }
                    // Again, because a concurrent server may not have begun to wait for the rest before the first.
                    repeat {
                        clock_jump(3600)
                        _ = try await fixture.exchange(get)
                    } while reader.isAlive
                    return first + (try await response.value())
                }
                guard response == expected else { fatalError("\(configuration): \(response)") }
            }
        }
    }
}
