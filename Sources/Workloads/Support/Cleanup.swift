// SPDX-License-Identifier: Apache-2.0

/// Does something, and ends what it has used, whether it threw or not: tasklets that were left waiting at sockets would keep
/// the scheduler from coming to its end, and the error from being told.
///
/// - Throws: what `body` throws, rather than what `end` does.
func ending<R>(_ end: () async throws -> Void, after body: () async throws -> R) async throws -> R {
    let result: R
    do {
        result = try await body()
    } catch {
        try? await end()
        throw error
    }
    try await end()
    return result
}
