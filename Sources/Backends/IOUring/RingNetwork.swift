// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import SchedulerSupport
internal import Tasklets

/// Opens sockets whose operations a ring performs.
final class RingNetwork: Network, @unchecked Sendable {
    // SAFETY: touched on the loop's thread, or while that does not run.
    /// The scheduler, which outlives every stream and listener.
    unowned(unsafe) let core: SchedulerCore
    /// The ring of the run in progress, which the driver keeps.
    @exclusivity(unchecked) unowned(unsafe) var ring: Ring?
    let retire: ByteQueue.MemoryRetirement?
    private let faults: SocketFaults?
    let injectsFaults: Bool

    let calls: RingCalls

    init(_ core: SchedulerCore, _ options: SchedulerOptions, _ calls: RingCalls) {
        self.core = core
        self.calls = calls
        faults = options.socketFaults
        injectsFaults = options.socketFaults != nil
        retire = options.retiresMemory
    }

    func listen(_ address: NetworkAddress) throws -> any Endpoint {
        RingListener(try waiting(SocketNetwork.descriptor(listeningAt: address)), self)
    }

    func stream(to address: NetworkAddress) throws -> any Endpoint {
        RingStream(try waiting(SocketNetwork.descriptor(for: address)), self, to: address)
    }

    private func waiting(_ descriptor: CInt) -> CInt {
        Syscall.expect("fcntl") { linux_make_blocking(descriptor) }
        return descriptor
    }

    // MARK: Faults

    /// What a test has an operation do.
    enum Fault {
        /// Do not more than so many bytes.
        case limit(Int)
        /// Fail, with a negated errno.
        case failure(Int)
        /// Find nothing to do, and try again.
        case nothingYet
    }

    /// The fault of the next attempt at an operation, which an interruption repeats.
    @inline(__always) func fault(_ operation: Tasklets.Operation) -> Fault? {
        injectsFaults ? faults.flatMap { Self.fault(operation, $0) } : nil
    }

    private static func fault(_ operation: Tasklets.Operation, _ faults: SocketFaults) -> Fault? {
        while true {
            switch faults(operation) {
            case nil: return nil
            case .limit(let limit): return .limit(limit)
            case .failure(EAGAIN): return .nothingYet
            case .failure(EINTR), .interruption: continue
            case .failure(let code): return .failure(-Int(code))
            }
        }
    }
}
