// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// An overflow of a tasklet's stack ends the process with a line that names the tasklet; see CSwitch/overflow.c.
enum StackOverflow {
    /// From the first scheduler on, in the whole process.
    static func report() { _ = handler }

    private static let handler: Void = sw_report_overflows(TaskletIdentity.layout)
}
