// SPDX-License-Identifier: Apache-2.0

/// Eight received bytes in one register, examined together.
///
/// Each test marks matching bytes in their highest bit. Marks above the lowest one may be wrong, because a borrow or
/// carry propagates upwards from there; so only the first mark is ever used. This is Mycroft's trick, known from
/// `strlen` implementations.
struct EightBytes {
    private let bits: UInt64

    /// Takes the bytes in the order received, the first in the lowest bits.
    @inline(__always) init(_ bits: UInt64) { self.bits = bits }

    /// Marks control characters: what a field's value may not contain, and tabs, which it may.
    ///
    /// Unmarked are spaces, visible ASCII and non-ASCII bytes.
    @inline(__always) var controls: Marks { Marks(below(0x20) | equal(0x7F)) }

    /// Marks what a request's target may not contain.
    ///
    /// Unmarked is visible ASCII without `#`, which begins a fragment.
    @inline(__always) var outsideTarget: Marks { Marks(below(0x21) | equal(0x23) | (bits &+ Self.each) | bits) }

    /// The result of a test.
    struct Marks {
        private let bits: UInt64

        @inline(__always) fileprivate init(_ bits: UInt64) { self.bits = bits & 0x8080_8080_8080_8080 }

        /// Whether no byte is marked.
        @inline(__always) var isEmpty: Bool { bits == 0 }

        /// The index of the first marked byte; there must be one.
        @inline(__always) var first: Int { bits.trailingZeroBitCount >> 3 }
    }

    private static let each: UInt64 = 0x0101_0101_0101_0101

    @inline(__always) private func below(_ byte: UInt64) -> UInt64 { (bits &- Self.each &* byte) & ~bits }

    @inline(__always) private func equal(_ byte: UInt64) -> UInt64 {
        let difference = bits ^ (Self.each &* byte)
        return (difference &- Self.each) & ~difference
    }
}
