// SPDX-License-Identifier: Apache-2.0

import Profiling

/// Builds the bytes of gperftools' files.
enum GperftoolsFileBytes {
    static let maps = """
        00400000-00500000 r-xp 00000000 fe:01 7 /usr/bin/program
        7f0000000000-7f0000100000 r-xp 00002000 fe:01 8 /usr/lib/library.so

        """

    /// A header, records of samples and addresses, a trailer and mappings.
    static func profile(
        period: UInt64 = 10_000,
        _ records: [(count: UInt64, addresses: [UInt64])],
        maps: String = maps
    ) -> [UInt8] {
        words([0, 3, 0, period, 0]) + records.flatMap { record($0.count, $0.addresses) } + trailer + maps.utf8
    }

    static func record(_ count: UInt64, _ addresses: [UInt64]) -> [UInt8] {
        words([count, UInt64(addresses.count)] + addresses)
    }

    static let trailer = words([0, 1, 0])

    static func words(_ words: [UInt64]) -> [UInt8] {
        words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    }
}
