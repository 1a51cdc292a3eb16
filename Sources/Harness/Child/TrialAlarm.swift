// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Kills this process some time after the limit at which the parent would, in case it hangs and the parent has died.
enum TrialAlarm {
    /// Starts to wait, from now.
    ///
    /// - Parameter limit: the parent's limit in seconds.
    static func set(_ limit: Double) { alarm(UInt32(max(1, min(limit + 5, 1e6)))) }

    /// Stops waiting.
    static func cancel() { alarm(0) }
}
