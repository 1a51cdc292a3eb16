// SPDX-License-Identifier: Apache-2.0

/// A small pseudorandom generator whose sequence is fixed by its seed: the same seed gives the same sequence on every
/// machine and in every version.
///
/// The algorithm is SplitMix64: Guy L. Steele Jr., Doug Lea and Christine H. Flood, "Fast Splittable Pseudorandom Number
/// Generators", OOPSLA 2014. Printed seeds and recorded plans depend on it, so it must not change.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    @usableFromInline internal var state: UInt64

    /// Starts the sequence of a seed.
    @inlinable package init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    ///
    /// Inlinable: workloads call it in their innermost loops.
    @inlinable package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
