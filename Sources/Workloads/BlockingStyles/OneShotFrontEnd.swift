// SPDX-License-Identifier: Apache-2.0

import Callbacks
import HTTP
import Tasklets

/// The same with a one-shot in place of the channel: the callback stores the page, and makes the tasklet runnable.
struct OneShotFrontEnd: FrontEnd {
    let reactor: Reactor
    let place: WaitPlace
    /// Whether a page is awaited before the frame, which then finds it there, and takes it without waiting.
    let hasFastPath: Bool

    func sum(of urls: [String]) async throws -> UInt64 {
        switch (place, hasFastPath) {
        case (.tasklet, _): try await TaskletAPage.sum(of: urls) { try await page(at: $0) }
        case (.frame, true): try await TaskletAPage.sum(of: urls) { try await readyPageInFrame(at: $0) }
        case (.frame, false): try await TaskletAPage.sum(of: urls) { try pageInFrame(at: $0) }
        }
    }

    private static let first = #line
    private func page(at url: String) async throws -> HTTPPage {
        let page = OneShot<HTTPPage>()
        try reactor.getPage(url) { page.fulfill(with: $0) }
        return try await page.value()
    }
    private static let middle = #line
    private func pageInFrame(at url: String) throws -> HTTPPage {
        let page = OneShot<HTTPPage>()
        try reactor.getPage(url) { page.fulfill(with: $0) }
        return try SynchronousFrame.call { try page.value() }
    }
    private static let last = #line

    private func readyPageInFrame(at url: String) async throws -> HTTPPage {
        let page = OneShot<HTTPPage>()
        try reactor.getPage(url) { page.fulfill(with: $0) }
        _ = try await page.value()
        return try SynchronousFrame.call { try page.value() }
    }

    var linesOfCode: Int? {
        hasFastPath ? nil : TaskletAPage.linesOfCode(waitingIn: place, (Self.first, Self.middle, Self.last))
    }

    func closeIdleConnections() { reactor.closeIdleConnections() }
}
