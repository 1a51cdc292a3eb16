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
    private static let last = #line

    /// The lines of code of a style that waits in this place: these, and those of its function, which are between the first
    /// of three marks and the second in a tasklet, and between the second and the third in a frame.
    static func linesOfCode(waitingIn place: WaitPlace, _ marks: (first: Int, middle: Int, last: Int)) -> Int {
        let own = place == .tasklet ? marks.middle - marks.first : marks.last - marks.middle
        return last - first - 1 + own - 1
    }
}
