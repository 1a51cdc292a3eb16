// SPDX-License-Identifier: Apache-2.0

/// How a tasklet leaves the processor.
///
/// The same async body can be set aside in any of these ways.
public enum Switching: String, CaseIterable, Sendable, Codable {
    /// Its async frames stay on the heap, and control goes straight to the next tasklet's resume function.
    ///
    /// Stackless Python's soft switch.
    case soft
    /// The machine stack that it runs on is set aside and another one swapped in.
    case hard
    /// The live part of its machine stack is copied to the heap, and back to the same addresses before it continues.
    ///
    /// What Stackless Python and greenlet do in a hard switch. All tasklets run on one stack, at the same addresses: a
    /// pointer to something on a tasklet's stack must not reach another tasklet. Debug builds throw where a channel or
    /// a ``OneShot`` is given one.
    case slice
    /// `withUnsafeContinuation`: the public way, which a Swift program would use without this package.
    case continuation
    /// The tasklet owns a thread, which blocks.
    case kernel
}

/// Why a tasklet left the processor.
public enum SwitchCause: String, CaseIterable, Sendable, Codable {
    /// A `send` that had to wait, or that handed the processor to its receiver; and a `select` of sends alone.
    case send
    /// A `receive` that had to wait, or that handed the processor to its sender; and a `select` with a receive in it.
    case receive
    /// ``Tasklet/schedule()``, and everything else that hands the processor on: ``Tasklet/run()``,
    /// ``Tasklet/runAll(budget:)``.
    case schedule
    /// A sleep, ``Tasklet/sleep(for:)`` or ``Tasklet/sleep(until:)``.
    case sleep
    /// An input or output operation that had to wait, and a reactor's tasklet that had nothing to call back.
    case io
    /// A ``Tasklet/join()`` that had to wait.
    case join
    /// A one-shot value that was not there yet.
    case oneShot
    /// A tasklet that was killed, or that an error was thrown into.
    case kill
    /// A checkpoint past its budget.
    case preemption
    /// A tasklet that ended.
    case end
}
