// SPDX-License-Identifier: Apache-2.0

import CLinux

/// By how much the kernel may delay the timeouts of a thread in order to expire several with one interrupt.
enum TimerSlack {
    static func observe() -> Condition { condition(nanoseconds: linux_timer_slack()) }

    /// - Parameter nanoseconds: the slack of the thread; 0 if the kernel does not tell.
    static func condition(nanoseconds: UInt64) -> Condition {
        guard nanoseconds > 0 else {
            return .unknown(name, "The kernel refuses to tell the slack of this thread's timers.")
        }
        let value = nanoseconds < 1_000 ? "\(nanoseconds) ns" : "\(Decimals.text(Double(nanoseconds) / 1_000)) µs"
        guard nanoseconds > limit else { return .fine(name, value) }
        return .widens(
            name,
            value,
            """
            Timeouts come late by up to this where a scheduler or a client does not lower it: run \
            'echo 1 > /proc/$$/timerslack_ns' in the shell that starts bench.
            """
        )
    }

    /// In nanoseconds; less than the kernel needs to wake a thread.
    private static let limit: UInt64 = 1_000
    private static let name = "timer slack"
}
