// SPDX-License-Identifier: Apache-2.0

import Backends
import CSwitch
import Tasklets
import Testing

@Suite struct `Whether a task was cancelled` {
    @Test func `Is read where the runtime keeps it`() async throws {
        // Finds the place out.
        _ = try Backend.epoll.makeScheduler(SchedulerOptions())
        #expect(sw_knows_cancellation())
        let answers = await Task {
            withUnsafeCurrentTask { task -> [Bool] in
                guard let task else { return [] }
                let word = unsafeBitCast(task, to: UInt.self)
                let before = [sw_is_cancelled(word), sw_asks_whether_cancelled(word)]
                task.cancel()
                return before + [sw_is_cancelled(word), sw_asks_whether_cancelled(word)]
            }
        }.value
        #expect(answers == [false, false, true, true])
    }
}
