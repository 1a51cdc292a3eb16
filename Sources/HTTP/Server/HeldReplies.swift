// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// The replies of a connection whose client has sent further requests already.
///
/// They wait to be sent together with the next ones, which saves a system call a reply. But a slow handler must not
/// hold back the replies before its own; and a connection's tasklet cannot know in advance whether a handler will wait.
/// So while a handler runs, the replies before it are here, and a tasklet of their own looks at them every moment: if
/// the same handler still runs, it sends them. There is at most one such tasklet a connection, and only while there are
/// such replies.
final class HeldReplies: Sendable {
    // The lock keeps the two tasklets' bytes in order: a tasklet writes what it has taken.
    private let state = Guarded(State())
    private let stream: TCPStream

    private struct State {
        var bytes: [UInt8] = []
        /// How many of the bytes that were held have been sent, since they were last asked for.
        var sent = 0
        /// How many handlers there have been.
        var handlers = 0
        var isWatched = false
    }

    /// How long a handler may hold back replies at least; at most it is twice as long.
    private static let moment = Duration.milliseconds(2)
    /// Between two attempts to send to a client that does not read.
    private static let longestPause = Duration.seconds(1)

    init(_ stream: TCPStream) { self.stream = stream }

    /// Keeps replies while the next handler runs.
    ///
    /// - Throws: `SchedulerError` if no tasklet can be started to watch them; the caller must take them back and send
    ///   them.
    func hold(_ replies: UnsafeRawBufferPointer) throws {
        let needsWatcher = state.withLock { state in
            state.handlers += 1
            state.bytes += replies
            defer { state.isWatched = true }
            return !state.isWatched
        }
        guard needsWatcher else { return }
        do { try Tasklet.spawnOrThrow("replies") { try await self.watch() } } catch {
            state.withLock { $0.isWatched = false }
            throw error
        }
    }

    /// How many bytes are held.
    var count: Int { state.withLock { $0.bytes.count } }

    /// Gives back what has not been sent, and how much has.
    func takeBack() -> (unsent: [UInt8], sent: Int) {
        state.withLock { state in
            defer { (state.bytes, state.sent) = ([], 0) }
            return (state.bytes, state.sent)
        }
    }

    /// Sends the replies that a handler holds back.
    private func watch() async throws {
        var handler = 0
        var pause = Self.moment
        var isWatched = true
        while isWatched {
            try await Tasklet.sleep(for: pause)
            let sent = sentCount
            isWatched = look(&handler)
            // A client that reads nothing is tried less and less often.
            pause = sentCount == sent ? min(pause * 2, Self.longestPause) : Self.moment
        }
    }

    private var sentCount: Int { state.withLock { $0.sent } }

    /// Looks whether the same handler runs as last time; false if nothing is held any more.
    private func look(_ handler: inout Int) -> Bool {
        state.withLock { state in
            if state.bytes.isEmpty {
                state.isWatched = false
            } else if state.handlers != handler {
                handler = state.handlers
            } else {
                state.isWatched = send(&state)
            }
            return state.isWatched
        }
    }

    /// Sends as much as there is room for; false if the connection has failed, which its own tasklet will notice.
    private func send(_ state: inout State) -> Bool {
        guard let count = try? state.bytes.withUnsafeBytes({ try stream.writeAtOnce($0) }) else { return false }
        state.bytes.removeFirst(count)
        state.sent += count
        return true
    }
}
