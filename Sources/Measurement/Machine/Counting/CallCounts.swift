// SPDX-License-Identifier: Apache-2.0

internal import CCounting

/// What a process has asked of libc: allocations, and the calls of its wrappers of system calls.
///
/// Leaves out the allocations and system calls of threads that exclude themselves.
package struct CallCounts: Sendable, Equatable {
    /// How many allocations there were.
    package var allocations: UInt64 = 0
    /// The bytes that they asked for.
    package var allocatedBytes: UInt64 = 0
    /// The system calls by name; a name is missing where there was no call.
    package var systemCalls: [String: UInt64] = [:]

    /// No calls.
    package init() {}

    /// Has this process count for the rest of its life, while it is resumed; see `counting_install`.
    package static func install() { counting_install() }

    /// Counts from now on, from zero.
    package static func begin() {
        counting_reset()
        counting_resume()
    }

    /// Counts no more.
    package static func end() { counting_pause() }

    /// What was counted from the last beginning to its end.
    package static func last() -> CallCounts {
        var counts = CallCounts()
        counts.allocations = counting_allocations()
        counts.allocatedBytes = counting_allocated_bytes()
        for index in 0..<counting_system_calls() where counting_calls(index) > 0 {
            counts.systemCalls[String(cString: counting_name(index))] = counting_calls(index)
        }
        return counts
    }

    /// Leaves out the calls of the calling thread from now on.
    package static func excludeThisThread() { counting_exclude_thread() }

    /// The counts of two spans of time together.
    package static func + (left: CallCounts, right: CallCounts) -> CallCounts {
        var all = left
        all.allocations &+= right.allocations
        all.allocatedBytes &+= right.allocatedBytes
        all.systemCalls.merge(right.systemCalls) { $0 &+ $1 }
        return all
    }
}
