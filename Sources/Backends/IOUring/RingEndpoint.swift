// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import SchedulerSupport
internal import Tasklets

/// A socket whose operations a ring performs: what streams and listeners share.
class RingEndpoint: @unchecked Sendable {
    // SAFETY: touched on the loop's thread, or while that does not run; but the descriptor is thread-safe.
    /// The descriptor; valid while ``isOpen``, on the loop's thread.
    final let number: CInt
    final let descriptor: SharedDescriptor
    final let network: RingNetwork

    /// Takes over a descriptor whose operations wait.
    init(_ number: CInt, _ network: RingNetwork) {
        self.number = number
        descriptor = SharedDescriptor(number)
        self.network = network
    }

    deinit { if descriptor.isOpen { linux_close(number) } }

    final var isOpen: Bool { descriptor.isOpen }

    /// An operation of the endpoint's has completed, the bytes that it has received are valid until this returns.
    func completed(_ kind: Ring.Kind, _ result: Int, _ bytes: UnsafeRawBufferPointer, isLast: Bool) {
        preconditionFailure("an endpoint without operations")
    }

    /// Closes the descriptor, which nobody uses any more, and cancels what is in flight.
    func closeDescriptor() { preconditionFailure("an endpoint without operations") }

    // MARK: What any thread may ask

    final var localPort: Int { use { Int(linux_local_port($0)) } ?? -1 }

    final var remoteAddress: NetworkAddress? {
        let room = 128
        let bytes = use { number in
            [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                count = max(0, Int(linux_remote_address(number, buffer.baseAddress, room)))
            }
        }
        return bytes.flatMap { $0.isEmpty ? nil : NetworkAddress(bytes: $0) }
    }

    /// Nil once it is closed.
    final func use<R>(_ body: (CInt) -> R) -> R? {
        guard let number = descriptor.begin() else { return nil }
        defer { if descriptor.end() != nil { network.core.runner.perform { self.closeDescriptor() } } }
        return body(number)
    }

    // MARK: Results

    final func finish(_ node: NodePointer, _ result: Int) -> Bool {
        node.result = result
        return true
    }

    /// Completes the operations that need not wait any more, the oldest first.
    @inline(__always) final func serve(_ queue: inout WaitQueue, _ perform: (NodePointer) -> Bool) {
        while let node = queue.first, perform(node) {
            _ = queue.popFirst()
            network.core.complete(node, isComplete: true)
        }
    }
}
