// SPDX-License-Identifier: Apache-2.0

import Callbacks
import HTTP
import Tasklets

/// The classic `blockOn` with a change by which its callback no longer switches hard.
struct SoftenedBlockOnFrontEnd: FrontEnd {
    let reactor: Reactor
    let place: WaitPlace
    /// The change.
    let softening: Softening

    func sum(of urls: [String]) async throws -> UInt64 {
        try await TaskletAPage.sum(of: urls) { url in
            let page = try fetch(url)
            switch place {
            case .tasklet: return try await page.receive().get()
            case .frame: return try SynchronousFrame.call { try page.receive().get() }
            }
        }
    }

    private func fetch(_ url: String) throws -> Channel<Result<HTTPPage, any Error>> {
        let page = Channel<Result<HTTPPage, any Error>>("page")
        if softening == .callbackTasklets {
            try reactor.getPage(url) { result in Tasklet.spawn("callback") { try await page.send(result) } }
        } else {
            page.preference = .none
            try reactor.getPage(url) { try page.send($0) }
        }
        return page
    }

    var linesOfCode: Int? { nil }

    func closeIdleConnections() { reactor.closeIdleConnections() }
}
