// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets

/// Plain tasklets: each calls `getPage`, which parks it on its socket.
///
/// In a frame, where nothing can be awaited, another tasklet does that, and sends the page.
struct TaskletsFrontEnd: FrontEnd {
    let place: WaitPlace

    func sum(of urls: [String]) async throws -> UInt64 {
        switch place {
        case .tasklet: try await TaskletAPage.sum(of: urls) { try await page(at: $0) }
        case .frame: try await TaskletAPage.sum(of: urls) { try pageInFrame(at: $0) }
        }
    }

    private static let first = #line
    private func page(at url: String) async throws -> HTTPPage {
        try await getPage(url)
    }
    private static let middle = #line
    private func pageInFrame(at url: String) throws -> HTTPPage {
        let page = Channel<HTTPPage>("page")
        Tasklet.spawn("fetch page") {
            do { try await page.send(try await getPage(url)) } catch { try await page.send(throwing: error) }
        }
        return try SynchronousFrame.call { try page.receive() }
    }
    private static let last = #line

    var linesOfCode: Int? { TaskletAPage.linesOfCode(waitingIn: place, (Self.first, Self.middle, Self.last)) }

    func closeIdleConnections() { HTTPClient.shared.closeIdleConnections() }
}
