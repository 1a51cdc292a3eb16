// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How long to wait before accepting again, when no descriptor was left for another connection.
///
/// The connection stays in the kernel's queue, which reports it again at once; and the kernel does not report that
/// there are descriptors again. So the pauses grow, as in Go's `net/http`. The alternative is to keep a spare
/// descriptor, and to drop connections with it (libuv); but a connection that waits may still be served.
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

    /// Whether the errno says that descriptors or memory have run out.
    static func isDue(after code: Int) -> Bool { [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(CInt(code)) }
}
