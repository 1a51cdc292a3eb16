// SPDX-License-Identifier: Apache-2.0

extension [Frame] {
    /// The frames, the innermost first, less those by which a tasklet or a loop is reached.
    ///
    /// They are the same for every tasklet under a scheduler, and others under another: they tell nothing of the
    /// workload, and would set apart what is to be compared. The frame that was interrupted stays in any case.
    func withoutStart(_ owner: Owner) -> [Frame] {
        switch owner {
        case .outside: contains(where: \.isOfLibrarysLoop) ? prefix(upToStart: startOfLoop) : self
        // Loops may be nested, and the innermost runs the tasklet.
        case .tasklet: prefix(upToStart: firstIndex(where: \.isStart))
        case .scheduler: prefix(upToStart: startOfLoop)
        }
    }

    private func prefix(upToStart start: Int?) -> [Frame] { start.map { Array(prefix(Swift.max($0, 1))) } ?? self }

    /// The outermost start, or what is below the scheduler's first function where a library calls it.
    private var startOfLoop: Int? {
        guard var start = lastIndex(where: \.isStart) else {
            return lastIndex { $0.isOfScheduler || $0.isOfLibrarysLoop }.map { $0 + 1 }
        }
        while start > 0, self[start - 1].isStart { start -= 1 }
        return start
    }
}

extension Frame {
    /// Where a tasklet is continued, or a job of the runtime's started, which tasklets and loops are.
    fileprivate var isStart: Bool { Self.starts.contains(function) }

    private static let starts: Set<String> = [
        "sw_resume", "swift::runJobInEstablishedExecutorContext", "swift_job_run", "swift_job_run_on_task_executor",
    ]
}
