// SPDX-License-Identifier: Apache-2.0

/// A cache of the labels that a scheduler's new tasklets were given.
///
/// A profile must not change much of what it observes, and a look-up among all ``Labels`` takes as long as half a
/// spawn. Here names are compared by the bits of their strings, which is fast: equal bits are the same text, as long as
/// that is kept. Different bits may be the same text, too, and miss the cache.
package struct RecentLabels {
    /// What identifies a name, or the spawn site of a tasklet without one.
    private typealias Bits = (UInt, UInt)

    private struct Entry {
        var bits: Bits
        /// Keeps the text whose address may be among the bits.
        var name: String?
        var label: UInt32

        func isOf(_ bits: Bits, isName: Bool) -> Bool {
            self.bits == bits && (name != nil) == isName && label != Labels.none
        }
    }

    /// Empty until a label is asked for.
    private var entries: [Entry] = []

    package init() {}

    /// The label of a tasklet's name, or of its spawn site.
    package mutating func label(
        of name: String?,
        file: StaticString,
        line: UInt32,
        site: () -> String
    ) -> UInt32 {
        let bits = name.map(Self.bits) ?? (UInt(bitPattern: file.utf8Start), UInt(line) << 1 | 1)
        // Fibonacci hashing, to the highest bits.
        let index = Int(truncatingIfNeeded: ((bits.0 ^ bits.1 &* 31) &* 0x9E37_79B9_7F4A_7C15) >> (UInt.bitWidth - 5))
        if entries.isEmpty {
            entries = Array(repeating: Entry(bits: (0, 0), name: nil, label: Labels.none), count: 32)
        }
        if entries[index].isOf(bits, isName: name != nil) { return entries[index].label }
        let label = Labels.label(of: name ?? site())
        entries[index] = Entry(bits: bits, name: name, label: label)
        return label
    }

    private static func bits(_ name: String) -> Bits { unsafeBitCast(name, to: Bits.self) }
}
