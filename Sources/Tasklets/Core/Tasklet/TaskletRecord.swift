// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// All that a tasklet consists of, in a block of its scheduler's; the ``Tasklet`` object only refers to it.
///
/// A profiler's signal handler reads the label and the identity of the running tasklet.
struct TaskletRecord {
    /// First, so that its address is the record's.
    var node: Node
    /// Whether the block is one of the pool's.
    let isPooled: Bool
    /// Whether its task has looked whether to call the body.
    var hasBegun = false
    /// Written before the tasklet is known to others; see ``Labels``.
    var label = Labels.none
    /// Dropped when it has ended, by the task that runs it.
    var body: TaskletBody?
    let identity: TaskletIdentity
}

/// A tasklet's body, of which the words can be read.
///
/// In a box: a bare closure would be wrapped on its way through a generic function, and the wrapping freed at once.
struct TaskletBody: Sendable {
    let closure: @Sendable () async throws -> Void
}

extension TaskletRecord {
    static var labelOffset: Int { offset(of: \.label) }
    static var identityOffset: Int { offset(of: \.identity) }

    private static func offset(of field: PartialKeyPath<Self>) -> Int {
        guard let offset = MemoryLayout<Self>.offset(of: field) else { preconditionFailure("no offset") }
        return offset
    }

    /// Traps where a part is not at the offset that other code relies on.
    static func checkLayout() {
        precondition(offset(of: \.node) == 0, "the node is not first")
        precondition(MemoryLayout<Node>.offset(of: \.slot) == 0, "the slot is not first")
        precondition(MemoryLayout<Node>.offset(of: \.context) == Node.contextOffset, "the context is not second")
    }
}

extension UnsafeMutablePointer<Node> {
    /// The record around a tasklet's node.
    @inline(__always) var record: UnsafeMutablePointer<TaskletRecord> {
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: TaskletRecord.self)
    }
}

extension UnsafeMutablePointer<SchedulerState> {
    /// Makes a tasklet's record; its node does not know its tasklet yet.
    ///
    /// - Parameter isInOrder: as of ``takeCoreReference(isInOrder:)``.
    @inline(__always)
    func makeRecord(
        isInOrder: Bool,
        _ identity: TaskletIdentity,
        _ body: consuming @escaping @Sendable () async throws -> Void
    ) -> NodePointer {
        let record = isInOrder ? pooledRecord() : UnsafeMutablePointer<TaskletRecord>.allocate(capacity: 1)
        record.initialize(
            to: TaskletRecord(
                node: Node(owner: self),
                isPooled: isInOrder,
                body: TaskletBody(closure: body),
                identity: identity
            )
        )
        return UnsafeMutableRawPointer(record).assumingMemoryBound(to: Node.self)
    }

    @inline(__always) private func pooledRecord() -> UnsafeMutablePointer<TaskletRecord> {
        // Few at a time: the lock is held.
        if pointee.concurrent != nil { pointee.records.takeReturned(atMost: 16) }
        return pointee.records.allocate().assumingMemoryBound(to: TaskletRecord.self)
    }

    /// Frees the record of a tasklet that nothing refers to any more: on any thread, the lock held or not.
    @inline(__always) func freeRecord(_ node: NodePointer) {
        let record = node.record
        let isPooled = record.pointee.isPooled
        freeSlice(of: node)
        // May run code of the program's: the body's last reference to something goes with a tasklet that never ran.
        record.deinitialize(count: 1)
        if isPooled, isInOrderHere { pointee.records.free(record) } else { freeElsewhere(record, isPooled) }
    }

    @inline(never) private func freeElsewhere(_ record: UnsafeMutablePointer<TaskletRecord>, _ isPooled: Bool) {
        if isPooled { pointee.records.returned.add(record) } else { record.deallocate() }
    }
}
