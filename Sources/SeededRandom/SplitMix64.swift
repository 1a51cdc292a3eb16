// SPDX-License-Identifier: Apache-2.0

/// A small pseudorandom generator whose sequence is fixed by its seed: the same seed gives the same sequence on every
/// machine and in every version.
///
/// The algorithm is SplitMix64: Guy L. Steele Jr., Doug Lea and Christine H. Flood, "Fast Splittable Pseudorandom
/// Number Generators", OOPSLA 2014. Printed seeds and recorded plans depend on it, so it must not change.
///
/// Public, though no product has this module: the compiler does not inline `package` functions into other modules, and
/// workloads call ``next()`` in their innermost loops.
@frozen public struct SplitMix64: RandomNumberGenerator, Sendable {
    @usableFromInline internal var state: UInt64

    /// Starts the sequence of a seed.
    @inlinable public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    @inlinable public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
