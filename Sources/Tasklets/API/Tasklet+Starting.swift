// SPDX-License-Identifier: Apache-2.0

extension Tasklet {
    /// Starts a tasklet, and throws where that cannot be done: where each has a thread, and none is to be had for it.
    ///
    /// The body is not called then, nor will it be. Otherwise as ``spawn(_:file:line:_:)``, which has the main tasklet told
    /// of it: for those who can do with fewer tasklets, and so are to be told themselves.
    ///
    /// - Throws: ``SchedulerError`` with code `system`.
    @discardableResult
    package static func spawnOrThrow(
        _ name: String? = nil,
        file: StaticString = #fileID,
        line: UInt = #line,
        _ body: consuming @escaping @Sendable () async throws -> Void
    ) throws -> Tasklet {
        let (tasklet, failure) = launch(name, (file, line), tellsSpawner: true, body)
        if let failure { throw failure }
        return tasklet
    }
}
