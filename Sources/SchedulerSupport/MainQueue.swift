// SPDX-License-Identifier: Apache-2.0

internal import CLinux
package import Tasklets

/// The main queue of Dispatch, which runs the main actor's jobs on the main thread.
///
/// A scheduler's `run` occupies that thread where it is called there. So `run` has to serve the queue, as a run loop
/// does; or a tasklet that calls a function of the main actor would wait for ever.
///
/// An eventfd of Dispatch's tells of work. The main thread reads it just before it serves the queue: work that comes
/// after that writes it again. Other threads only poll it: a run within a run serves the queue as well, and where both
/// learn of work, the outer one, which is occupied, must not take the news away from the inner one.
package enum MainQueue {
    /// Calls `body`, which runs the loop on the calling thread; where that is the main thread, the loop serves the main
    /// queue meanwhile, whenever another thread finds work there.
    package static func served(by loop: OrderedLoop, while body: () -> Void) {
        guard let (queue, end) = prepare() else { return body() }
        let (news, ended) = (Event(), Event())
        let runner: any Runner = loop
        let failure = DetachedThread.start(stackSize: stackSize) {
            repeat {
                runner.performLater {
                    serve(queue)
                    news.tell()
                }
                news.wait()
            } while wait(for: queue, until: end)
            ended.tell()
        }
        guard failure == nil else {
            reportUnserved("thread")
            return body()
        }
        body()
        end.send()
        // The loop has ended, and may have left a call unmade.
        news.tell()
        ended.wait()
    }

    /// Calls `body` on another thread, and serves the main queue on the calling one meanwhile; calls it on the calling
    /// thread where that is not the main thread.
    package static func served(while body: @escaping @Sendable () -> Void) {
        guard let (queue, end) = prepare() else { return body() }
        let failure = DetachedThread.start {
            body()
            end.send()
        }
        guard failure == nil else {
            reportUnserved("thread")
            return body()
        }
        repeat { serve(queue) } while wait(for: queue, until: end)
    }

    /// How many descriptors serving the queue takes: none, where the calling thread is not the main thread.
    package static var descriptors: Int { linux_is_main_thread() == 0 ? 0 : 2 }

    /// Checks that the queue can be served, where the calling thread is the main thread.
    ///
    /// Throws ``SchedulerError`` with code `system` where no descriptor is left.
    package static func check() throws(SchedulerError) {
        try FreeDescriptors.check(descriptors, for: "to run the main actor's jobs")
    }

    /// What tells of work, and of the end; nil where the calling thread is not the main thread.
    private static func prepare() -> (queue: CInt, end: Signal)? {
        guard linux_is_main_thread() != 0 else { return nil }
        let queue = linux_main_queue()
        guard queue >= 0, let end = Signal() else {
            // They were there when `check()` looked.
            reportUnserved("descriptor")
            return nil
        }
        return (queue, end)
    }

    private static func reportUnserved(_ missing: String) {
        StandardError.print("no \(missing) is left to run the main actor's jobs during this run; they wait")
    }

    /// Enough for a thread that only waits.
    private static let stackSize = 64 * 1024

    /// Does the work on the main queue, on the main thread.
    private static func serve(_ queue: CInt) {
        // A call left over from the end of a run may be made by another thread, which must not take the news away.
        guard linux_is_main_thread() != 0 else { return }
        // Nothing to be read is no error: another run may have served the queue.
        _ = linux_eventfd_drain(queue)
        linux_main_queue_run()
    }

    /// Waits for work on the main queue; returns false at the end.
    private static func wait(for queue: CInt, until end: Signal) -> Bool {
        var both = [queue, end.descriptor].map {
            linux_poll(descriptor: $0, wanted: Int16(linux_readable), events: 0)
        }
        while Syscall.expect("ppoll", { linux_poll_all(&both, both.count, -1) }) == 0 {}
        // What the other thread has done comes before what the caller does.
        return both[1].events == 0 || linux_eventfd_drain(end.descriptor) <= 0
    }

    /// Tells another thread, which may wait for it again and again.
    private final class Event: @unchecked Sendable {
        // SAFETY: a futex, freed with the last reference.
        private let parker = ThreadParker.allocate()

        deinit { parker.deallocate() }

        func tell() { parker.unpark() }

        /// Returns once for what was told before or meanwhile.
        func wait() { parker.park() }
    }

    /// Tells another thread, which polls it together with other descriptors, once.
    private final class Signal: Sendable {
        let descriptor: CInt

        /// Nil where no descriptor is left.
        init?() {
            descriptor = linux_eventfd()
            if descriptor < 0 { return nil }
        }

        deinit { linux_close(descriptor) }

        func send() { Syscall.expect("write") { linux_eventfd_signal(descriptor) } }
    }
}
