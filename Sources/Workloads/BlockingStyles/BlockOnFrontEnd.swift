// SPDX-License-Identifier: Apache-2.0

import Callbacks
import HTTP
import Tasklets

/// The classic `blockOn`: the callback sends the page on a fresh channel, from which a tasklet receives.
///
/// The callback runs in the reactor's tasklet, in synchronous code. The channel prefers its receiver, so the send
/// switches to that: hard, and once a page.
struct BlockOnFrontEnd: FrontEnd {
    let reactor: Reactor
    let place: WaitPlace

    func sum(of urls: [String]) async throws -> UInt64 {
        switch place {
        case .tasklet: try await TaskletAPage.sum(of: urls) { try await page(at: $0) }
        case .frame: try await TaskletAPage.sum(of: urls) { try pageInFrame(at: $0) }
        }
    }

    private static let first = #line
    private func page(at url: String) async throws -> HTTPPage {
        let page = Channel<Result<HTTPPage, any Error>>("page")
        try reactor.getPage(url) { try page.send($0) }
        return try await page.receive().get()
    }
    private static let middle = #line
    private func pageInFrame(at url: String) throws -> HTTPPage {
        let page = Channel<Result<HTTPPage, any Error>>("page")
        try reactor.getPage(url) { try page.send($0) }
        return try SynchronousFrame.call { try page.receive().get() }
    }
    private static let last = #line

    var linesOfCode: Int? { TaskletAPage.linesOfCode(waitingIn: place, (Self.first, Self.middle, Self.last)) }

    func closeIdleConnections() { reactor.closeIdleConnections() }
}
