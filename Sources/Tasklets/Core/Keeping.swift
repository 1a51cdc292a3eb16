// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// Keeps an object from being freed before `body` returns.
///
/// For executors: a job's task keeps the one that it prefers. But once the job is in a queue, another thread may run it, and so
/// the executor come to its end and be let go of, before the thread that put it there has seen to the wake-up.
/// Whoever calls this has the object alive until then. The runtime's own functions count the references, where the
/// optimizer, which takes an object that a method is called on to be kept by its caller, does not see them.
package func keeping(_ object: some AnyObject, _ body: () -> Void) {
    let address = Unmanaged.passUnretained(object).toOpaque()
    sw_retain(address)
    body()
    sw_release(address)
}
