// SPDX-License-Identifier: Apache-2.0

import SchedulerSupport
import Tasklets
import Testing

@Suite struct `A parker` {
    @Test func `An unpark that comes first is remembered, once`() {
        let parker = ThreadParker.allocate()
        defer { parker.deallocate() }
        parker.unpark()
        parker.unpark()
        parker.park()
        #expect(!parker.park(until: .past))
    }

    @Test func `A deadline that has passed ends the wait`() {
        ThreadParker.withParker { parker in
            #expect(!parker.park(until: .past))
            parker.unpark()
            #expect(parker.park(until: .past))
        }
    }
}
