// SPDX-License-Identifier: Apache-2.0

public import HTTP
internal import Tasklets

extension Reactor {
    /// Fetches a page with callbacks alone, as Twisted's `getPage` does: no tasklet waits for it.
    ///
    /// Does what ``HTTP/getPage(_:deadline:)`` does: it follows redirects, and keeps connections alive for later
    /// calls. It differs in that any number of requests to one host have connections at the same time, of which 256
    /// are kept.
    ///
    /// - Parameters:
    ///   - url: `http://host:port/path?query`; non-ASCII characters must be percent-encoded.
    ///   - deadline: when the operation is given up; nil for no limit.
    ///   - completion: gets the page, whatever its status, or `HTTPClientError`.
    public func getPage(
        _ url: String,
        deadline: ContinuousClock.Instant? = nil,
        then completion: @escaping Completion<HTTPPage>
    ) throws {
        let request = Result { try ClientRequest(.get, url, [], []) }
        // As an operation, so that the completion is called by the reactor, and not before this returns.
        try after(.zero) { [self] result in
            do {
                try result.get()
                let fetch = try PageFetch(self, try request.get(), until: deadline, completion)
                try fetch.begin()
            } catch { try completion(.failure(error)) }
        }
    }

    /// Closes the connections that ``getPage(_:deadline:then:)`` keeps.
    ///
    /// A server under the same scheduler may be waiting for requests on them, which keeps `run` from returning.
    public func closeIdleConnections() { call { [idle] in idle.close() } }
}
