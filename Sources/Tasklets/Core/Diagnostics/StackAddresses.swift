// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// Finds, in debug builds, a value that would carry the address of something on a sliced stack to another tasklet.
///
/// Where stacks are sliced, such an address means other bytes to each tasklet: the receiver would read its own frames,
/// or write into them. The words of the value itself are looked at, and not what they point to.
extension UnsafeMutablePointer<Node> {
    /// Refuses a value that holds such an address.
    ///
    /// Throws `unsupported`. `self` is the calling tasklet, at home.
    @inlinable @inline(__always) func refuseStackAddresses<T>(in value: borrowing T) throws {
        #if DEBUG
            if pointee.owner.pointee.switching == .slice, pointee.owner.holdsStackAddress(value) {
                throw SchedulerError.stackAddress(T.self)
            }
        #endif
    }
}

extension UnsafeMutablePointer<SchedulerState> {
    @usableFromInline func holdsStackAddress<T>(_ value: borrowing T) -> Bool {
        guard let region = pointee.region.address else { return false }
        return withUnsafeBytes(of: value) { bytes in
            stride(from: 0, through: bytes.count - MemoryLayout<UInt>.size, by: MemoryLayout<UInt>.alignment).contains {
                let word = bytes.loadUnaligned(fromByteOffset: $0, as: UInt.self)
                return UnsafeRawPointer(bitPattern: word).map { sw_region_contains(region, $0) } ?? false
            }
        }
    }
}

extension SchedulerError {
    @usableFromInline static func stackAddress<T>(_ type: T.Type) -> SchedulerError {
        SchedulerError(
            .unsupported,
            "a value of type \(T.self) holds the address of something on the stack of the tasklet that sends it, where "
                + "another tasklet's frames are when it is received; keep that on the heap, or switch in another way"
        )
    }
}
