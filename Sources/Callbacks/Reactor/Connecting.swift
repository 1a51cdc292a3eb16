// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// Connects to the first of several addresses that answers, one after the other.
final class Connecting: @unchecked Sendable {
    // SAFETY: touched in the scheduler's order, first by the tasklet that begins it, and then by the reactor's.
    private let queue: CompletionQueue
    private let name: String
    private let deadline: Deadline
    private let completion: Reactor.Completion<TCPStream>
    private var failures: [String] = []

    /// - Parameter name: what the error calls the host.
    init(
        _ queue: CompletionQueue,
        _ name: String,
        _ deadline: Deadline,
        _ completion: @escaping Reactor.Completion<TCPStream>
    ) {
        self.queue = queue
        self.name = name
        self.deadline = deadline
        self.completion = completion
    }

    /// Begins with the first address that a socket can be made for.
    ///
    /// Throws where none can be; the handler is not called then.
    func begin(with addresses: [NetworkAddress]) throws {
        var rest = addresses[...]
        while let address = rest.popFirst() {
            do { return try begin(try TCPStream(to: address), rest) } catch let error as SchedulerError
                where error.code == .system
            {
                failures.append(error.message)
            }
        }
        throw SchedulerError(.system, "connect to \(name): \(failures.joined(separator: "; "))")
    }

    private func begin(_ stream: TCPStream, _ rest: ArraySlice<NetworkAddress>) throws {
        let nothing = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        try queue.begin(.connect, on: stream, nothing, until: deadline) { [self] result in
            switch result {
            case .success: try completion(.success(stream))
            case .failure(let error as SchedulerError) where error.code == .system:
                failures.append(error.message)
                try goOn { try begin(with: Array(rest)) }
            case .failure(let error): try completion(.failure(error))
            }
        }
    }

    /// Looks a name up in a tasklet, and then begins.
    func lookUp(_ host: String, _ port: Int, in reactor: Reactor) throws {
        try reactor.elsewhere { [deadline] finish in
            Tasklet.spawn("look up \(host)") {
                do { finish(.success(try await NetworkAddress.addresses(of: host, port: port, until: deadline))) } catch
                {
                    finish(.failure(error))
                }
            }
        } then: { [self] (result: Result<[NetworkAddress], any Error>) in
            try goOn { try begin(with: try result.get()) }
        }
    }

    /// Goes on in the reactor: what cannot be begun has failed.
    private func goOn(_ begin: () throws -> Void) throws {
        do { try begin() } catch { try completion(.failure(error)) }
    }
}
