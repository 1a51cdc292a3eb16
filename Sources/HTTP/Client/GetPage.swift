// SPDX-License-Identifier: Apache-2.0

/// Fetches a page.
///
/// The call looks blocking: the calling tasklet parks while others run.
///
/// Follows redirects, and keeps connections alive for later calls under the same scheduler; see ``HTTPClient``. Traps
/// outside a tasklet.
///
/// - Parameters:
///   - url: `http://host:port/path?query`; non-ASCII characters must be percent-encoded.
///   - deadline: when the call times out; nil for no time limit.
/// - Returns: the page, whatever its status.
/// - Throws: the errors of ``HTTPClient/request(method:url:headers:body:deadline:)``.
public func getPage(_ url: String, deadline: ContinuousClock.Instant? = nil) async throws -> HTTPPage {
    try await HTTPClient.shared.get(url, deadline: deadline)
}
