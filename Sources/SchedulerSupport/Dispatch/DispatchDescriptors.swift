// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
package import Tasklets

/// The descriptors that all Dispatch schedulers share: the one of ``DispatchReadiness``, and an epoll instance, an
/// eventfd and a timerfd that libdispatch opens for itself when its first timer is set, and keeps.
///
/// Where libdispatch cannot have the first two it ends the process, and without the third no timer ever fires
/// (`_dispatch_epoll_init` and `_dispatch_timeout_program` in libdispatch's event_epoll.c). So they are opened before
/// the first run.
package enum DispatchDescriptors {
    private static let areOpen = Guarded(false)

    /// Opens them, unless they are open.
    ///
    /// Throws ``SchedulerError`` with code `system` where a descriptor is missing, or a thread for libdispatch's timers.
    package static func open() throws(SchedulerError) {
        try areOpen.withLock { areOpen throws(SchedulerError) in
            guard !areOpen else { return }
            try FreeDescriptors.check(4, for: "for Dispatch's timers and sockets")
            try checkThreads()
            _ = try DispatchReadiness.shared()
            setTimers()
            areOpen = true
        }
    }

    /// Dispatch would wait for a thread that it cannot have: its manager's, or a worker's, which runs the handlers.
    private static func checkThreads() throws(SchedulerError) {
        let bothChecked = DispatchSemaphore(value: 0)
        for started in 0..<2 {
            guard let failure = DetachedThread.start({ bothChecked.wait() }) else { continue }
            for _ in 0..<started { bothChecked.signal() }
            throw .shortage("no thread is left for Dispatch's timers: \(String(cString: strerror(failure)))")
        }
        for _ in 0..<2 { bothChecked.signal() }
    }

    /// Returns when libdispatch has set a timer that is not due yet: one that is needs no timerfd.
    private static func setTimers() {
        let far = timer(at: .now() + .seconds(3600)) {}
        // Its manager thread takes timers in order, and then programs the timerfd for the next. So the second timer
        // that fires shows that the pass in which it came upon the far one has ended.
        for _ in 0..<2 {
            let fired = DispatchSemaphore(value: 0)
            let near = timer(at: .now()) { fired.signal() }
            fired.wait()
            near.cancel()
        }
        far.cancel()
    }

    private static func timer(
        at deadline: DispatchTime,
        _ fired: @escaping @Sendable () -> Void
    ) -> any DispatchSourceTimer {
        let timer = DispatchSource.makeTimerSource(flags: .strict)
        timer.setEventHandler(handler: fired)
        timer.schedule(deadline: deadline, leeway: .nanoseconds(0))
        timer.activate()
        return timer
    }
}
