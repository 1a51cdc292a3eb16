// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How long to wait before accepting again, when the last attempt has found no room for another connection.
///
/// The connection stays in the kernel's queue, which would tell of it at once, again and again; and that there is room
/// the kernel does not tell. So the pauses grow while there is none, as in Go's `net/http`. The other way is to keep a
/// spare descriptor, and to drop connections with it (libuv); but who waits may still be served.
package struct AcceptPause {
    private var next = Duration.milliseconds(5)
    private static let longest = Duration.seconds(1)

    /// The shortest pause comes first.
    package init() {}

    /// The next pause, twice the last, up to a second.
    package mutating func grow() -> Duration {
        defer { next = min(next * 2, Self.longest) }
        return next
    }

    /// Whether the errno says that there is no descriptor, or no memory, for another connection.
    static func isDue(after code: Int) -> Bool { [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(CInt(code)) }
}
