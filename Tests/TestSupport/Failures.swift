// SPDX-License-Identifier: Apache-2.0

package import Tasklets

/// The scheduler's error that `body` throws; nil if it throws none, or another.
package func schedulerError(_ body: () async throws -> Void) async -> SchedulerError? {
    await failure(of: body) as? SchedulerError
}

/// The error that `body` throws.
package func failure(of body: () async throws -> Void) async -> (any Error)? {
    do {
        try await body()
        return nil
    } catch {
        return error
    }
}
