// SPDX-License-Identifier: Apache-2.0

/// Fetches a page, as if it blocked: the calling tasklet waits, and all others run.
///
/// Redirects are followed, and connections are kept for the next calls of the same scheduler; see ``HTTPClient``. Traps
/// outside any tasklet.
///
/// - Parameters:
///   - url: `http://host:port/path?query`; what is not ASCII must be percent-encoded.
///   - deadline: when it throws, if the page is not there by then.
/// - Returns: the page, whatever its status.
/// - Throws: as ``HTTPClient/request(method:url:headers:body:deadline:)``.
public func getPage(_ url: String, deadline: ContinuousClock.Instant? = nil) async throws -> HTTPPage {
    try await HTTPClient.shared.get(url, deadline: deadline)
}
