// SPDX-License-Identifier: Apache-2.0

extension [Frame] {
    /// The frames, the innermost first, without those through which a tasklet or a loop is reached.
    ///
    /// Those are the same for every tasklet of a scheduler and differ between schedulers: they say nothing about the
    /// workload, and would separate stacks that should be compared. The interrupted frame always stays.
    func withoutStart(_ owner: Owner) -> [Frame] {
        switch owner {
        case .outside: contains(where: \.isOfHostLoop) ? prefix(upToStart: startOfLoop) : self
        // Loops nest, and the innermost runs the tasklet.
        case .tasklet: prefix(upToStart: firstIndex(where: Landmarks.start.match))
        case .scheduler: prefix(upToStart: startOfLoop)
        }
    }

    private func prefix(upToStart start: Int?) -> [Frame] { start.map { Array(prefix(Swift.max($0, 1))) } ?? self }

    /// The outermost start; where a library calls the scheduler, the scheduler's first function begins the loop.
    private var startOfLoop: Int? {
        guard var start = lastIndex(where: Landmarks.start.match) else {
            return lastIndex { $0.isOfScheduler || $0.isOfHostLoop }.map { $0 + 1 }
        }
        while start > 0, Landmarks.start.match(self[start - 1]) { start -= 1 }
        return start
    }
}
