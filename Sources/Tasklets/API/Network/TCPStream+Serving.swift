// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What a server needs of its connections besides.
extension TCPStream {
    /// The address of the other end; nil where it is not known.
    package var remoteAddress: NetworkAddress? { box.endpoint.remoteAddress }

    // MARK: Reads that can be interrupted

    /// Reads as ``read(into:deadline:)`` does; nil if ``interruptReading()`` has ended the wait.
    package func readUnlessInterrupted(
        into buffer: UnsafeMutableRawBufferPointer,
        deadline: ContinuousClock.Instant
    ) async throws -> Int? {
        guard let me = try caller() else {
            nonisolated(unsafe) let buffer = buffer
            return try await SchedulerCore.atHome {
                try await self.readUnlessInterrupted(into: buffer, deadline: deadline)
            }
        }
        let result = try await me.tryToPerform(.read, on: box, buffer, until: Deadline(deadline), .async)
        if result == -Int(EINTR) { return nil }
        guard result >= 0 else { throw SchedulerError.failed(.read, errno: -result) }
        return result
    }

    /// Ends the read that waits, or the next one that would have to; the connection stays open.
    ///
    /// A read that has received something by then returns it. From any thread, as ``close()``.
    package func interruptReading() {
        let endpoint = box.endpoint
        core.runner.perform { endpoint.interruptReading() }
    }

    // MARK: Writes in steps

    /// How far a write has come.
    package struct WriteProgress: Sendable {
        /// The number of bytes written.
        package var written: Int
        /// Whether nothing is left to be done; on some backends bytes that are written may still be on their way.
        package var isComplete: Bool
        /// How many bytes the peer has acknowledged since the last deadline, where `written` does not tell: on NIO.
        package var acknowledged = 0
    }

    /// Writes the bytes until the deadline, and returns how far that has come: the caller decides whether it goes on.
    ///
    /// To go on, write the rest, even if it is empty. At the deadline, the kernel is asked once more: it reports room
    /// only when a good part of its buffer is free. On NIO, which keeps a piece until then, it is asked what the peer
    /// has acknowledged.
    ///
    /// - Throws: as ``write(_:deadline:)``, except for the deadline.
    package func write(
        _ bytes: UnsafeRawBufferPointer,
        until deadline: ContinuousClock.Instant
    ) async throws -> WriteProgress {
        guard let me = try caller() else {
            nonisolated(unsafe) let bytes = bytes
            return try await SchedulerCore.atHome { try await self.write(bytes, until: deadline) }
        }
        let buffer = UnsafeMutableRawBufferPointer(mutating: bytes)
        let deadline = Deadline(deadline)
        if let result = try await me.performUnlessTimedOut(.write, on: box, buffer, until: deadline, .async) {
            guard result >= 0 else { throw SchedulerError.failed(.write, errno: -result) }
            return WriteProgress(written: bytes.count, isComplete: true)
        }
        var progress = try attemptToWrite(me, bytes.count)
        progress.acknowledged = box.endpoint.takeAcknowledged()
        return progress
    }

    /// Begins to write as ``write(_:until:)`` does, but neither waits nor gives way to other tasklets; nil where the
    /// tasklet is to give way first, or is not at home, and nothing has been written.
    ///
    /// Most writes are complete at once. To go on with one that is not, write the rest, even if it is empty.
    ///
    /// - Throws: as ``write(_:deadline:)``, except for the deadline.
    package func beginToWrite(_ bytes: UnsafeRawBufferPointer) throws -> WriteProgress? {
        guard let me = try caller(), !me.isYieldDue() else { return nil }
        me.prepare(.write, UnsafeMutableRawBufferPointer(mutating: bytes))
        let isComplete = box.endpoint.attempt(me)
        if isComplete {
            guard me.result >= 0 else { throw SchedulerError.failed(.write, errno: -me.result) }
            me.countNoSwitch()
        }
        return WriteProgress(written: bytes.count - me.buffer.count, isComplete: isComplete)
    }

    /// Writes as many bytes as there is room for, without waiting; returns how many.
    ///
    /// - Throws: as ``write(_:deadline:)``, except for the deadline.
    package func writeAtOnce(_ bytes: UnsafeRawBufferPointer) throws -> Int {
        guard let me = try caller() else { throw SchedulerError.outsideTasklets("the stream") }
        me.prepare(.write, UnsafeMutableRawBufferPointer(mutating: bytes))
        return try attemptToWrite(me, bytes.count).written
    }

    private func attemptToWrite(_ me: NodePointer, _ count: Int) throws -> WriteProgress {
        box.endpoint.invalidateReadiness()
        let isComplete = box.endpoint.attempt(me)
        if isComplete, me.result < 0 { throw SchedulerError.failed(.write, errno: -me.result) }
        return WriteProgress(written: count - me.buffer.count, isComplete: isComplete)
    }
}
