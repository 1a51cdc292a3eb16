// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import Tasklets

extension EventLoopFuture where Value: Sendable {
    /// A one-shot that gets the future's result: what a tasklet, on whatever scheduler, waits for.
    ///
    /// The event loop stores the result, and neither waits nor switches. `get()` suspends the tasklet through the
    /// runtime instead, which brings it back by a job.
    package var oneShot: OneShot<Value> {
        let oneShot = OneShot<Value>()
        whenComplete { oneShot.fulfill(with: $0) }
        return oneShot
    }
}
