// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// What a handler can know of its client.
extension HTTPExchange {
    /// How much a client may send ahead before the server reads no more of it, in bytes.
    private static let readAheadLimit = 64 << 10

    /// Whether the client has gone, as far as the server can tell without waiting: it has closed the connection or its
    /// sending side, or the connection has failed.
    ///
    /// Nothing interrupts a handler whose client goes. One that takes long asks now and then, and may give up: if it
    /// returns without a response, or throws, the connection is closed, and no response is counted. A client that has
    /// closed its sending side could still read a response, but few do; other servers take it for gone, too.
    ///
    /// It costs a system call, except on NIO, and reads what the client sends ahead, up to 64 KiB; beyond that it
    /// returns false. So it does in an actor's method, where the connection cannot be read without waiting. The bytes of
    /// ``nextBodyPart()`` become invalid.
    public func isClientGone() -> Bool {
        guard !isClientKnownGone, !hasFailed else { return true }
        do {
            while input.count < Self.readAheadLimit, let count = try stream.readAtOnce(into: input.room(1)) {
                input.added(count)
                counters.bytesReceived += count
                isClientKnownGone = count == 0
                if isClientKnownGone { return true }
            }
            return false
        } catch let error as SchedulerError where error.code == .wrongScheduler {
            return false
        } catch {
            hasFailed = true
            return true
        }
    }
}
