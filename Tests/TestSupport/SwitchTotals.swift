// SPDX-License-Identifier: Apache-2.0

package import Tasklets

extension SchedulerCounters {
    /// All switches.
    package var total: UInt64 { switches.total }
}

extension Dictionary where Value == UInt64 {
    /// The sum of all counts.
    package var total: UInt64 { values.reduce(0, +) }
}
