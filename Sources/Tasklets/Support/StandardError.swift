// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Where a library tells what it has no caller to tell.
package enum StandardError {
    /// Writes a line.
    package static func print(_ message: String) {
        let line = "switchyard: \(message)\n"
        _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    }
}
