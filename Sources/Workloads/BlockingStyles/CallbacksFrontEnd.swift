// SPDX-License-Identifier: Apache-2.0

import Callbacks
import HTTP
import Synchronization
import Tasklets

/// Callbacks alone: no tasklet waits for a page.
///
/// The tasklet that serves the connection waits once a request, for the sum; it is the server's, and not the style's.
struct CallbacksFrontEnd: FrontEnd {
    let reactor: Reactor

    private static let first = #line
    func sum(of urls: [String]) async throws -> UInt64 {
        let total = Total(of: urls.count)
        for url in urls { try reactor.getPage(url) { total.add($0) } }
        return try await total.sum.value()
    }
    private final class Total: Sendable {
        let sum = OneShot<UInt64>()
        private let state: Mutex<(missing: Int, sum: UInt64)>
        init(of count: Int) { state = Mutex((count, 0)) }
        func add(_ page: Result<HTTPPage, any Error>) {
            let total = state.withLock { state in
                state.missing -= 1
                state.sum &+= (try? page.get())?.number ?? 0
                return state
            }
            if total.missing == 0 { sum.fulfill(total.sum) }
        }
    }
    private static let last = #line

    var linesOfCode: Int? { Self.last - Self.first - 1 }

    func closeIdleConnections() { reactor.closeIdleConnections() }
}
