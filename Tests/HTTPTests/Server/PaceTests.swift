// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

/// The rate that the server demands of its clients.
@Suite struct `The pace of a client` {
    private static let options = HTTPServerOptions.with {
        $0.progressTimeout = .seconds(10)
        $0.minimumRate = 100
    }

    @Test func `A wait takes what is left of the window at most`() {
        var pace = Pace()
        #expect(pace.timeLeft(Self.options) == .seconds(10))
        pace.add(1, in: .seconds(3))
        pace.add(1, in: .milliseconds(500))
        #expect(pace.timeLeft(Self.options) == .milliseconds(6_500))
    }

    @Test(arguments: [(0, false), (1, false), (999, false), (1_000, true), (1 << 30, true)])
    func `At the end of a window its share of the rate must have moved`(count: Int, isFastEnough: Bool) {
        var pace = Pace()
        pace.add(count / 2, in: .seconds(4))
        pace.add(count - count / 2, in: .seconds(6))
        let result = pace.endWindow(Self.options)
        #expect(result == isFastEnough)
    }

    @Test func `What moved in one window does not count in the next`() {
        var pace = Pace()
        pace.add(1 << 30, in: .seconds(10))
        let first = pace.endWindow(Self.options)
        #expect(first)
        #expect(pace.timeLeft(Self.options) == .seconds(10))
        pace.add(1, in: .seconds(10))
        let second = pace.endWindow(Self.options)
        #expect(!second)
    }

    @Test func `Without a minimum something must move`() {
        let options = HTTPServerOptions.with { $0.minimumRate = 0 }
        var pace = Pace()
        pace.add(1, in: options.progressTimeout)
        let first = pace.endWindow(options)
        #expect(first)
        pace.add(0, in: options.progressTimeout)
        let second = pace.endWindow(options)
        #expect(!second)
    }
}
