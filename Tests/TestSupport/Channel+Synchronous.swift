// SPDX-License-Identifier: Apache-2.0

package import Tasklets

/// For tests in which synchronous code is one of many places to wait.
extension Channel {
    /// Sends in synchronous code; in asynchronous code where the scheduler refuses to wait there.
    package func sendSynchronously(_ element: Element) async throws {
        do { try [element].forEach { try sendNow($0) } } catch let error as SchedulerError where error.isRefusal {
            try await send(element)
        }
    }

    /// Receives in synchronous code; in asynchronous code where the scheduler refuses to wait there.
    package func receiveSynchronously() async throws -> Element {
        do { return try [0].map { _ in try receiveNow() }[0] } catch let error as SchedulerError where error.isRefusal {
            return try await receive()
        }
    }

    private func sendNow(_ element: Element) throws { try send(element) }

    private func receiveNow() throws -> Element { try receive() }
}

extension SchedulerError {
    fileprivate var isRefusal: Bool { code == .unsupported && message.contains("Swift's own pool") }
}
