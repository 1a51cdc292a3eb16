// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets

/// What a front end does for a request: fetches a page of every back end, and adds up the numbers in them.
protocol FrontEnd: Sendable {
    /// Fetches the pages at the same time, and returns the sum of their numbers; a page that does not come counts 0.
    func sum(of urls: [String]) async throws -> UInt64

    /// The lines of code that this takes, without blank lines and comments; nil where it is no style of its own.
    var linesOfCode: Int? { get }

    /// Closes the connections to the back ends, which keep these from stopping.
    func closeIdleConnections()
}

extension HTTPPage {
    /// The number that the page consists of; 0 for any other page.
    var number: UInt64 { UInt64(text) ?? 0 }
}
