// SPDX-License-Identifier: Apache-2.0

/// Runs a body and then its cleanup, even if the body throws.
///
/// Without cleanup, tasklets still waiting for sockets would keep the scheduler from ending, and the error from being
/// reported.
///
/// - Throws: the error of `body`, or else that of `cleanup`.
func withCleanup<R>(_ cleanup: () async throws -> Void, after body: () async throws -> R) async throws -> R {
    let result: R
    do {
        result = try await body()
    } catch {
        try? await cleanup()
        throw error
    }
    try await cleanup()
    return result
}
