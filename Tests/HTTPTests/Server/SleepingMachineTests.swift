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
}
