// SPDX-License-Identifier: Apache-2.0

/// A tasklet's hand: where a value waits for its receiver, or arrives.
///
/// Three words hold most values; larger ones are boxed.
extension UnsafeMutablePointer<Node> {
    /// Puts a value into the hand, which is empty.
    @inlinable @inline(__always) package func put<T>(_ value: consuming T) {
        if isHandLarge(enoughFor: T.self) {
            handAddress.initializeMemory(as: T.self, to: value)
        } else {
            let box = UnsafeMutablePointer<T>.allocate(capacity: 1)
            box.initialize(to: value)
            handAddress.storeBytes(of: box, as: UnsafeMutablePointer<T>.self)
        }
        pointee.holds = .value
    }

    /// Puts an error into the hand, to be thrown by whoever takes it.
    package func put(error: any Error) {
        handAddress.initializeMemory(as: (any Error).self, to: error)
        pointee.holds = .error
    }

    /// Puts a value or an error into the hand, which is empty.
    func put<T>(result: Result<T, any Error>) {
        switch result {
        case .success(let value): put(value)
        case .failure(let error): put(error: error)
        }
    }

    /// Empties the hand: returns the value, or throws the error.
    @inlinable @inline(__always) package func take<T>(as type: T.Type) throws -> T {
        if pointee.holds == .error { throw takeError() }
        return takeValue(as: type)
    }

    /// Empties the hand, of a value or of an error.
    @inlinable @inline(__always) package func takeResult<T>(as type: T.Type) -> Result<T, any Error> {
        if pointee.holds == .error { return .failure(takeError()) }
        return .success(takeValue(as: type))
    }

    /// The error to throw where the tasklet is suspended.
    ///
    /// Empties the hand, which may hold what it was about to send, or what it got but will not see any more.
    @usableFromInline package func takeInterruption<T>(dropping type: T.Type) -> any Error {
        switch pointee.holds {
        case .nothing: break
        case .value: _ = takeValue(as: type)
        case .error: _ = takeError()
        }
        return takeInterruption()
    }

    /// The error to throw where the tasklet is suspended.
    ///
    /// With the lock, where there is one: another error may be on its way, from a tasklet that runs at the same time.
    @usableFromInline package func takeInterruption() -> any Error {
        pointee.owner.withLock {
            pointee.isInterrupted = false
            if pointee.awaitsInterruption {
                pointee.awaitsInterruption = false
                pointee.owner.pointee.awaitedInterruptions -= 1
            }
            guard let error = pointee.interruption else { preconditionFailure("interrupted without an error") }
            pointee.interruption = nil
            return error
        }
    }

    @inlinable @inline(__always) package func takeValue<T>(as type: T.Type) -> T {
        pointee.holds = .nothing
        if isHandLarge(enoughFor: T.self) { return handAddress.assumingMemoryBound(to: T.self).move() }
        let box = handAddress.load(as: UnsafeMutablePointer<T>.self)
        defer { box.deallocate() }
        return box.move()
    }

    @usableFromInline @inline(never) package func takeError() -> any Error {
        pointee.holds = .nothing
        return handAddress.assumingMemoryBound(to: (any Error).self).move()
    }

    @inlinable @inline(__always) package func isHandLarge<T>(enoughFor type: T.Type) -> Bool {
        MemoryLayout<T>.size <= Hand.size && MemoryLayout<T>.alignment <= Hand.alignment
    }
}
