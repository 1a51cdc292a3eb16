// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
package import Tasklets

/// Descriptors that something is about to need which ends the process if it cannot have them.
package enum FreeDescriptors {
    /// Checks that the process can have so many more.
    ///
    /// Throws ``SchedulerError`` with code `system` otherwise.
    package static func check(_ count: Int, for use: String) throws(SchedulerError) {
        var opened: [CInt] = []
        defer { for descriptor in opened { linux_close(descriptor) } }
        while opened.count < count {
            let descriptor = linux_eventfd()
            guard descriptor >= 0 else {
                throw .shortage("no descriptor is left \(use): \(String(cString: strerror(-descriptor)))")
            }
            opened.append(descriptor)
        }
    }
}
