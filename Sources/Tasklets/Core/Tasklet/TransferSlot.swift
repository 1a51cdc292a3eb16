// SPDX-License-Identifier: Apache-2.0

/// A tasklet's slot: where a value waits for its receiver, or arrives.
///
/// Three words hold most values; larger ones are boxed. An I/O operation keeps its description and result here.
@usableFromInline
package struct TransferSlot {
    @usableFromInline package var words: (UInt, UInt, UInt) = (0, 0, 0)
    @usableFromInline package init() {}
    @usableFromInline package static var size: Int { 24 }
    @usableFromInline package static var alignment: Int { 8 }

    /// Whether a value of that type fits; it moves from slot to slot as bits.
    @inlinable @inline(__always) package static func holds<T>(_ type: T.Type) -> Bool {
        MemoryLayout<T>.size <= size && MemoryLayout<T>.alignment <= alignment && _isBitwiseTakable(T.self)
    }
}

/// What a tasklet's slot holds.
@usableFromInline
package enum SlotContent: UInt8 {
    case empty, value, error
}

extension UnsafeMutablePointer<TransferSlot> {
    /// Drops what the slot holds.
    func drop<T>(_ content: SlotContent, as type: T.Type) {
        let address = UnsafeMutableRawPointer(self)
        switch content {
        case .empty: break
        case .error: address.assumingMemoryBound(to: (any Error).self).deinitialize(count: 1)
        case .value where TransferSlot.holds(T.self): address.assumingMemoryBound(to: T.self).deinitialize(count: 1)
        case .value:
            let box = address.load(as: UnsafeMutablePointer<T>.self)
            box.deinitialize(count: 1)
            box.deallocate()
        }
    }
}

extension UnsafeMutablePointer<Node> {
    /// Stores a value in the slot, which is empty.
    @inlinable @inline(__always) package func put<T>(_ value: consuming T) {
        if TransferSlot.holds(T.self) {
            slotAddress.initializeMemory(as: T.self, to: value)
        } else {
            let box = UnsafeMutablePointer<T>.allocate(capacity: 1)
            box.initialize(to: value)
            slotAddress.storeBytes(of: box, as: UnsafeMutablePointer<T>.self)
        }
        pointee.slotContent = .value
    }

    /// Stores an error in the slot, which is empty; taking it throws.
    package func put(error: any Error) {
        slotAddress.initializeMemory(as: (any Error).self, to: error)
        pointee.slotContent = .error
    }

    /// Moves the content to another tasklet's slot, which is empty.
    @inlinable @inline(__always) package func moveSlot(to other: NodePointer) {
        other.pointee.slot = pointee.slot
        other.pointee.slotContent = pointee.slotContent
        pointee.slotContent = .empty
    }

    /// Empties the slot: returns the value, or throws the error.
    @inlinable @inline(__always) package func take<T>(as type: T.Type) throws -> T {
        if pointee.slotContent == .error { throw takeError() }
        return takeValue(as: type)
    }

    /// The error to throw where the tasklet was parked.
    ///
    /// Empties the slot, which may hold what the tasklet was about to send, or what it got and will not see.
    @usableFromInline package func takeInterruption<T>(dropping type: T.Type) -> any Error {
        switch pointee.slotContent {
        case .empty: break
        case .value: _ = takeValue(as: type)
        case .error: _ = takeError()
        }
        return takeInterruption()
    }

    @inlinable @inline(__always) package func takeValue<T>(as type: T.Type) -> T {
        pointee.slotContent = .empty
        if TransferSlot.holds(T.self) { return slotAddress.assumingMemoryBound(to: T.self).move() }
        let box = slotAddress.load(as: UnsafeMutablePointer<T>.self)
        defer { box.deallocate() }
        return box.move()
    }

    @usableFromInline @inline(never) package func takeError() -> any Error {
        pointee.slotContent = .empty
        return slotAddress.assumingMemoryBound(to: (any Error).self).move()
    }
}
