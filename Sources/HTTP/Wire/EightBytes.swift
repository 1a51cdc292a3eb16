// SPDX-License-Identifier: Apache-2.0

/// Eight received bytes in one register, looked at together.
///
/// A question marks the bytes it is about in their highest bit. Marks above the lowest one may be wrong, because a borrow
/// or carry runs upwards from there; so only the first is ever used. Mycroft's trick, as in every C library's `strlen`.
struct EightBytes {
    private let bits: UInt64

    /// Takes the bytes in the order in which they were received, the first one lowest.
    @inline(__always) init(_ bits: UInt64) { self.bits = bits }

    /// Marks what may not stand in a field's value, and tabs, which may.
    ///
    /// The rest are spaces, visible characters, and whatever is not ASCII.
    @inline(__always) var controls: Marks { Marks(below(0x20) | equal(0x7F)) }

    /// Marks what may not stand in a request's target.
    ///
    /// The rest are visible ASCII characters, without the `#` that begins a fragment.
    @inline(__always) var outsideTarget: Marks { Marks(below(0x21) | equal(0x23) | (bits &+ Self.each) | bits) }

    /// An answer.
    struct Marks {
        private let bits: UInt64

        @inline(__always) fileprivate init(_ bits: UInt64) { self.bits = bits & 0x8080_8080_8080_8080 }

        /// Whether no byte is marked.
        @inline(__always) var isEmpty: Bool { bits == 0 }

        /// Which byte is the first one marked, where one is.
        @inline(__always) var first: Int { bits.trailingZeroBitCount >> 3 }
    }

    private static let each: UInt64 = 0x0101_0101_0101_0101

    @inline(__always) private func below(_ byte: UInt64) -> UInt64 { (bits &- Self.each &* byte) & ~bits }

    @inline(__always) private func equal(_ byte: UInt64) -> UInt64 {
        let difference = bits ^ (Self.each &* byte)
        return (difference &- Self.each) & ~difference
    }
}
