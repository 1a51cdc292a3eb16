// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The standard streams: results go to standard output, everything about the run to standard error.
///
/// Writes are unbuffered, so that nothing is lost or reordered when the process is killed.
package enum Console {
    /// Writes lines to standard output.
    package static func print(_ text: String) { write(endingLine(text), to: STDOUT_FILENO) }

    /// Whether standard output shows colour: a terminal that can, unless `NO_COLOR` is set (https://no-color.org).
    package static var hasColour: Bool {
        showsColour(isTerminal: isatty(STDOUT_FILENO) == 1) { getenv($0).map { String(cString: $0) } }
    }

    /// The same for any stream and environment.
    static func showsColour(isTerminal: Bool, variable: (String) -> String?) -> Bool {
        isTerminal && (variable("NO_COLOR") ?? "").isEmpty && !["", "dumb"].contains(variable("TERM") ?? "")
    }

    /// Writes lines to standard error.
    package static func note(_ text: String) { write(endingLine(text), to: STDERR_FILENO) }

    /// Writes text without a line feed to standard error.
    package static func noteRaw(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Writes an error message as a single line to standard error.
    package static func error(_ message: String) { note("bench: \(oneLine(message))") }

    /// The text with every run of white space replaced by a space.
    package static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func endingLine(_ text: String) -> String { text.hasSuffix("\n") ? text : text + "\n" }

    private static func write(_ text: String, to stream: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(stream, $0.baseAddress, $0.count) }
            if count < 0 && errno != EINTR { return }
            bytes = bytes.dropFirst(max(count, 0))
        }
    }
}
