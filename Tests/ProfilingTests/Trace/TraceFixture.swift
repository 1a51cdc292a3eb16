// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// Builds traces by hand.
struct TraceFixture {
    var trace = Trace()

    init() {
        trace.threads = 2
        trace.labels = ["main", "peer \"x\""]
        trace.waits = [TraceWait(.runQueue), TraceWait(.channel, "receive"), TraceWait(.timer), TraceWait(.runtime)]
        trace.names = ["epoll_pwait2", "begin"]
    }

    /// Adds an event of a tasklet, whose label has its number.
    mutating func add(_ kind: TraceEvent.Kind, _ time: UInt64, _ tasklet: UInt64 = 0, detail: UInt32 = 0) {
        var event = TraceEvent(kind: kind, time: time, tasklet: tasklet, detail: detail)
        event.label = UInt32(tasklet)
        trace.events.append(event)
    }

    /// Adds that a tasklet was made ready by another one.
    mutating func addReady(_ time: UInt64, _ tasklet: UInt64, by waker: UInt64) {
        add(.ready, time, tasklet)
        trace.events[trace.events.count - 1].waker = waker
    }

    /// Adds a system call that ends at a time.
    mutating func addCall(endingAt time: UInt64, duration: UInt64) {
        add(.call, time)
        trace.events[trace.events.count - 1].duration = duration
    }

    /// A tasklet that makes another one, waits for it, and goes on.
    static var pair: TraceFixture {
        var fixture = TraceFixture()
        fixture.add(.run, 1_000, 1)
        fixture.add(.mark, 1_000, detail: 1)
        fixture.addReady(1_100, 2, by: 1)
        fixture.add(.leave, 1_300, 1, detail: 1)
        fixture.add(.run, 1_400, 2)
        fixture.addReady(1_450, 1, by: 2)
        fixture.add(.leave, 1_600, 2, detail: 2)
        fixture.add(.run, 1_600, 1)
        fixture.add(.end, 1_700, 1)
        fixture.addCall(endingAt: 2_000, duration: 250)
        fixture.add(.ready, 2_000, 2)
        fixture.add(.run, 2_010, 2)
        fixture.add(.end, 2_050, 2)
        return fixture
    }
}
