// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// By how much the kernel may delay a thread's time-outs in order to expire several with one interrupt: 50 µs by
/// default.
package enum TimerSlack {
    /// Runs `body` with deadlines as exact as the machine allows: on this thread, and on threads that it starts
    /// meanwhile.
    package static func withNone<R>(_ body: () -> R) -> R {
        let usual = linux_timer_slack()
        linux_set_timer_slack(1)
        defer { linux_set_timer_slack(usual) }
        return body()
    }
}
