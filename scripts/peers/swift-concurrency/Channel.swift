// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A rendezvous: a send waits for a receiver, and a receive for a sender; each side is served in order.
///
/// Who finds the other side waiting goes on without a suspension.
final class Channel: Sendable {
    private typealias Sender = (value: Int, continuation: UnsafeContinuation<Void, Never>)
    private typealias Receiver = (ticket: Int, continuation: UnsafeContinuation<Int?, Never>)

    private struct Waiting {
        var senders = Queue<Sender>()
        var receivers = Queue<Receiver>()
        var lastTicket = 0
    }

    private let waiting = Mutex(Waiting())

    /// Sends a value.
    func send(_ value: Int) async {
        if let receiver = waiting.withLock({ $0.receivers.removeFirst() }) {
            return receiver.continuation.resume(returning: value)
        }
        await withUnsafeContinuation { continuation in
            let receiver = waiting.withLock { waiting in
                // One may have come since.
                let receiver = waiting.receivers.removeFirst()
                if receiver == nil { waiting.senders.append((value, continuation)) }
                return receiver
            }
            guard let receiver else { return }
            receiver.continuation.resume(returning: value)
            continuation.resume()
        }
    }

    /// Receives a value.
    func receive() async -> Int {
        if let value = takeSent() { return value }
        guard let value = await waitForSender(ticket: 0) else { fatalError("nothing withdraws this receiver") }
        return value
    }

    /// Receives a value, unless the deadline comes first: a race of two child tasks.
    func receive(until deadline: ContinuousClock.Instant) async -> Int? {
        await withTaskGroup(of: Int?.self) { race in
            race.addTask { await self.receiveUnlessCancelled() }
            race.addTask {
                try? await Task.sleep(until: deadline, clock: .continuous)
                return nil
            }
            let first = await race.next() ?? nil
            race.cancelAll()
            if let first { return first }
            // The receiver may have got a value before its cancellation.
            return await race.next() ?? nil
        }
    }

    /// Receives a value, unless the task is cancelled before one comes.
    private func receiveUnlessCancelled() async -> Int? {
        if let value = takeSent() { return value }
        let ticket = waiting.withLock { waiting in
            waiting.lastTicket += 1
            return waiting.lastTicket
        }
        return await withTaskCancellationHandler {
            await waitForSender(ticket: ticket)
        } onCancel: {
            let receiver = waiting.withLock { $0.receivers.removeFirst { $0.ticket == ticket } }
            receiver?.continuation.resume(returning: nil)
        }
    }

    /// The value of the first sender, which goes on.
    private func takeSent() -> Int? {
        guard let sender = waiting.withLock({ $0.senders.removeFirst() }) else { return nil }
        sender.continuation.resume()
        return sender.value
    }

    /// Waits for a sender, or until the receiver with this ticket is withdrawn.
    ///
    /// - Parameter ticket: above 0, if the task's cancellation withdraws it.
    private func waitForSender(ticket: Int) async -> Int? {
        await withUnsafeContinuation { continuation in
            var sender: Sender?
            let isWithdrawn = waiting.withLock { waiting in
                sender = waiting.senders.removeFirst()
                if sender != nil { return false }
                // A cancellation that comes later finds the ticket.
                if ticket > 0 && Task.isCancelled { return true }
                waiting.receivers.append((ticket, continuation))
                return false
            }
            if let sender {
                sender.continuation.resume()
                continuation.resume(returning: sender.value)
            } else if isWithdrawn {
                continuation.resume(returning: nil)
            }
        }
    }
}
