// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets

/// The part of a front end that all styles have in common in which a tasklet waits for each page.
enum TaskletAPage {
    private static let first = #line
    static func sum(
        of urls: [String],
        _ page: @escaping @Sendable (_ url: String) async throws -> HTTPPage
    ) async throws -> UInt64 {
        let replies = Channel<UInt64>("replies")
        for url in urls {
            Tasklet.spawn("get page") { try await replies.send((try? await page(url))?.number ?? 0) }
        }
        var sum: UInt64 = 0
        for _ in urls { sum &+= try await replies.receive() }
        return sum
    }
    /// The lines of code of it.
    static let linesOfCode = #line - first - 2
}
