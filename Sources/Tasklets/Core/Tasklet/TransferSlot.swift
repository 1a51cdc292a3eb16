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
}

/// What a tasklet's slot holds.
@usableFromInline
package enum SlotContent: UInt8 {
    case empty, value, error
}

extension UnsafeMutablePointer<Node> {
    /// Stores a value in the slot, which is empty.
    @inlinable @inline(__always) package func put<T>(_ value: consuming T) {
        if slotHolds(T.self) {
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

    /// Stores a value or an error in the slot, which is empty.
    func put<T>(result: Result<T, any Error>) {
        switch result {
        case .success(let value): put(value)
        case .failure(let error): put(error: error)
        }
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

    /// Empties the slot, of a value or of an error.
    func takeResult<T>(as type: T.Type) -> Result<T, any Error> {
        if pointee.slotContent == .error { return .failure(takeError()) }
        return .success(takeValue(as: type))
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
        if slotHolds(T.self) { return slotAddress.assumingMemoryBound(to: T.self).move() }
        let box = slotAddress.load(as: UnsafeMutablePointer<T>.self)
        defer { box.deallocate() }
        return box.move()
    }

    @usableFromInline @inline(never) package func takeError() -> any Error {
        pointee.slotContent = .empty
        return slotAddress.assumingMemoryBound(to: (any Error).self).move()
    }

    @inlinable @inline(__always) package func slotHolds<T>(_ type: T.Type) -> Bool {
        MemoryLayout<T>.size <= TransferSlot.size && MemoryLayout<T>.alignment <= TransferSlot.alignment
    }
}
