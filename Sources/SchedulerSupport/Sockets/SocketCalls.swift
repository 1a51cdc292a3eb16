// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization
package import Tasklets

/// Makes the system calls on sockets, counts them by name, and injects the faults that a test asks for.
package final class SocketCalls: Sendable {
    /// The outcome of a call.
    struct Outcome {
        /// Its result, or the negated errno.
        var result: Int64
        /// The requested number of bytes.
        var size: Int
        /// Whether the call was not made, and its failure injected.
        var isInjected = false

        init(_ result: Int64, size: Int) {
            self.result = result
            self.size = size
        }

        /// A failure that the kernel knows nothing of.
        init(injecting code: CInt) {
            self.init(-Int64(code), size: 0)
            isInjected = true
        }
    }

    private let faults: SocketFaults?
    private let receives = Atomic<UInt64>(0)
    private let sends = Atomic<UInt64>(0)
    private let accepts = Atomic<UInt64>(0)
    private let connects = Atomic<UInt64>(0)

    package init(_ faults: SocketFaults?) { self.faults = faults }

    /// Makes a call for up to `size` bytes; retries it when a signal has interrupted it.
    func repeating(_ operation: Operation, upTo size: Int = 0, _ call: (Int) -> Int64) -> Outcome {
        while true {
            count(operation)
            let outcome = TracedCalls.areOn ? record(operation, size, call) : attempt(operation, size, call)
            if outcome.result != -Int64(EINTR) { return outcome }
        }
    }

    @inline(never) private func record(_ operation: Operation, _ size: Int, _ call: (Int) -> Int64) -> Outcome {
        TracedCalls.record(operation.call) { attempt(operation, size, call) }
    }

    @inline(__always) private func attempt(_ operation: Operation, _ size: Int, _ call: (Int) -> Int64) -> Outcome {
        faults.map { perform($0(operation), size, call) } ?? Outcome(call(size), size: size)
    }

    private func perform(_ fault: SocketFault?, _ size: Int, _ call: (Int) -> Int64) -> Outcome {
        switch fault {
        case nil: return Outcome(call(size), size: size)
        case .failure(let code): return Outcome(injecting: code)
        case .interruption:
            _ = call(size)
            return Outcome(injecting: EINTR)
        case .limit(let limit):
            let size = min(size, limit)
            return Outcome(call(size), size: size)
        }
    }

    private func count(_ operation: Operation) {
        switch operation {
        case .read: receives.add(1, ordering: .relaxed)
        case .write: sends.add(1, ordering: .relaxed)
        case .accept: accepts.add(1, ordering: .relaxed)
        case .connect: connects.add(1, ordering: .relaxed)
        }
    }

    package var counts: [String: UInt64] {
        [
            "recv": receives.load(ordering: .relaxed), "send": sends.load(ordering: .relaxed),
            "accept4": accepts.load(ordering: .relaxed), "connect": connects.load(ordering: .relaxed),
        ].filter { $0.value > 0 }
    }
}

extension Operation {
    /// The system call that performs it.
    fileprivate var call: StaticString {
        switch self {
        case .read: "recv"
        case .write: "send"
        case .accept: "accept4"
        case .connect: "connect"
        }
    }
}
