// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The two standard streams: results go to one, everything about the run to the other.
enum Output {
    /// Writes text to standard output, at once, and ends its last line.
    static func print(_ text: String) { write(endingLine(text), to: STDOUT_FILENO) }

    /// Writes text to standard error, at once, and ends its last line.
    static func note(_ text: String) { write(endingLine(text), to: STDERR_FILENO) }

    /// Writes text to standard error as it is.
    static func noteRaw(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Writes a sentence that says what is wrong to standard error.
    static func complain(_ sentence: String) { note("bench: \(oneLine(sentence))") }

    /// The text with every run of white space made one blank.
    static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func endingLine(_ text: String) -> String { text.hasSuffix("\n") ? text : text + "\n" }

    // Written without buffering, so that nothing is lost or out of order when the process is stopped.
    private static func write(_ text: String, to stream: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(stream, $0.baseAddress, $0.count) }
            if count < 0 && errno != EINTR { return }
            bytes = bytes.dropFirst(max(count, 0))
        }
    }
}
