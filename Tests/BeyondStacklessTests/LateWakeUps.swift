// SPDX-License-Identifier: Apache-2.0

import Tasklets
import Testing

/// Waits in every way there is, across the given instant, and returns what went wrong.
///
/// A timer or wake-up still pending for the calling tasklet would end one of these waits early, or corrupt the
/// scheduler's counts.
func nextWaits(passing instant: ContinuousClock.Instant) async -> [String] {
    var wrong: [String] = []
    do {
        let channel = Channel<Int>("next")
        let later = instant + .microseconds(50)
        Tasklet.spawn {
            try await Tasklet.sleep(until: later)
            try await channel.send(1)
        }
        if try await channel.receive() != 1 { wrong.append("received something else") }
        let number = OneShot<Int>()
        Tasklet.spawn {
            try await Tasklet.schedule()
            number.fulfill(2)
        }
        if try await number.value() != 2 { wrong.append("got something else") }
        let partner = Tasklet.spawn { _ = try await Tasklet.select(channel.onReceive(), channel.onReceive { -$0 }) }
        try await channel.send(3)
        try await partner.join()
        let morning = ContinuousClock.now + .microseconds(50)
        try await Tasklet.sleep(until: morning)
        if ContinuousClock.now < morning { wrong.append("slept too little") }
        if channel.balance != 0 { wrong.append("a balance of \(channel.balance) remains") }
    } catch {
        wrong.append("threw \(error)")
    }
    return wrong
}
