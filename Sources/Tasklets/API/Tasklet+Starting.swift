// SPDX-License-Identifier: Apache-2.0

extension Tasklet {
    /// Starts a tasklet, and throws where that is impossible: where each tasklet has a thread, and none is left for it.
    ///
    /// The body is never called then. Otherwise as ``spawn(_:file:line:_:)``, which throws the failure into the main
    /// tasklet: this one is for callers that can do with fewer tasklets.
    ///
    /// - Throws: ``SchedulerError`` with code `system`.
    @discardableResult
    package static func spawnOrThrow(
        _ name: String? = nil,
        file: StaticString = #fileID,
        line: UInt = #line,
        _ body: consuming @escaping @Sendable () async throws -> Void
    ) throws -> Tasklet {
        let (tasklet, failure) = launch(name, (file, line), reportsFailure: true, body)
        if let failure { throw failure }
        return tasklet
    }
}
