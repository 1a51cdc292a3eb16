// SPDX-License-Identifier: Apache-2.0

internal import CSwitch
internal import Glibc
internal import Synchronization

/// Whether the Swift runtime is one whose per-thread state the switching code knows how to move.
enum RuntimeCheck {
    /// The verdict, found once: it takes a running task to look from.
    static let isKnown: Bool = {
        let probe = Probe()
        let verdict = Atomic<Bool>(false)
        probe.runNow { verdict.store(sw_runtime_verify(probe.identity, isKnownVersion), ordering: .relaxed) }
        probe.runNow({}, after: { sw_learn_cancellation($0.task) })
        return verdict.load(ordering: .relaxed)
    }()

    /// Whether the runtime of this compiler has been looked at; see `runtime.c`.
    private static var isKnownVersion: Bool {
        #if compiler(>=6.3) && compiler(<6.4)
            true
        #else
            false
        #endif
    }

    /// Says once that only continuation switching is available.
    static func reportFallback() { _ = notice }

    private static let notice: Void = {
        StandardError.print(
            "this Swift runtime is not one whose thread state can be switched; soft, hard and slice switching "
                + "become continuation"
        )
    }()

    /// An executor that runs one job, at once, on the calling thread.
    final class Probe: TaskExecutor, @unchecked Sendable {
        // SAFETY: used by one thread, within `runNow`.
        private var job: UnownedJob?

        var identity: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

        func enqueue(_ job: consuming ExecutorJob) { self.job = UnownedJob(job) }

        /// Runs `body` in a task, which `prepare` gets before it starts.
        func runNow(_ body: @escaping @Sendable () -> Void, after prepare: (UnownedJob) -> Void = { _ in }) {
            Task.detached(executorPreference: self) { body() }
            guard let job = job.take() else { return }
            prepare(job)
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
