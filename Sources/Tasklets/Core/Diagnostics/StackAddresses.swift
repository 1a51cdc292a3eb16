// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// Finds, in debug builds, a value that would carry the address of something on a sliced stack to another tasklet.
///
/// Where stacks are sliced, such an address means other bytes to each tasklet: the receiver would read its own frames,
/// or write into them. Pointers in structures, tuples and enumerations are looked at, by reflection: a value's bytes
/// would include unused ones, which may hold anything. What is behind a reference is not looked at.
extension UnsafeMutablePointer<Node> {
    /// Refuses a value that holds such an address.
    ///
    /// Throws `unsupported`. `self` is the calling tasklet, at home.
    @inlinable @inline(__always) func refuseStackAddresses<T>(in value: T) throws {
        #if DEBUG
            if pointee.owner.pointee.switching == .slice, pointee.owner.holdsStackAddress(value) {
                throw SchedulerError.stackAddress(T.self)
            }
        #endif
    }
}

extension UnsafeMutablePointer<SchedulerState> {
    @usableFromInline func holdsStackAddress(_ value: Any) -> Bool {
        guard let region = pointee.region.address else { return false }
        if let pointer = value as? any _Pointer {
            return UnsafeRawPointer(bitPattern: pointer.address).map { sw_region_contains(region, $0) } ?? false
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .struct, .tuple, .enum, .optional: return mirror.children.contains { holdsStackAddress($0.value) }
        default: return false
        }
    }
}

extension _Pointer {
    fileprivate var address: UInt { UInt(bitPattern: self) }
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
