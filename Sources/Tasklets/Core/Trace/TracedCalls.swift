// SPDX-License-Identifier: Apache-2.0

/// How backends tell the recorder of their system calls.
///
/// An enumeration, whose functions need no metadata, and no variable, for which other modules would check that accesses
/// do not overlap: each call asks whether there is a recorder.
package enum TracedCalls {
    /// Whether the process has a recorder.
    package static var areOn: Bool { TraceRecorder.active != nil }

    /// Makes a system call, of which the recorder learns how long it took.
    ///
    /// Called while ``areOn``.
    package static func record<R>(_ name: StaticString, _ call: () -> R) -> R {
        let start = TraceRecorder.now()
        let result = call()
        TraceRecorder.active?.addCall(name, since: start)
        return result
    }
}
