// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// Keeps an object from being freed before `body` returns.
///
/// For executors: a job's task keeps the executor that it prefers. But once a job is in a queue, another thread may run
/// it, and drop the last reference to the executor, before the thread that enqueued it has sent the wake-up. The
/// runtime's own functions count the references, because the optimizer, which takes `self` to be kept by the caller,
/// would remove the counting that it can see.
package func withRetained(_ object: some AnyObject, _ body: () -> Void) {
    let address = Unmanaged.passUnretained(object).toOpaque()
    sw_retain(address)
    body()
    sw_release(address)
}
