// SPDX-License-Identifier: Apache-2.0

/// Why a file does not parse as a CPU profile of gperftools.
package struct GperftoolsFileError: Error, Equatable, CustomStringConvertible {
    /// What is wrong with the file.
    package enum Problem: Sendable, Equatable {
        /// It is shorter than the header.
        case tooShort(bytes: Int)
        /// Its first words are not those of a profile.
        case notAProfile
        /// Its version is unknown.
        case version(UInt64)
        /// Its sampling period, in microseconds, is zero or longer than an hour.
        case period(UInt64)
        /// It ends within the record that starts at this byte.
        case truncatedRecord(offset: Int)
        /// The record that starts at this byte has no addresses, no samples, or an impossible number of samples.
        case damagedRecord(offset: Int)
        /// It ends after a record, without the end marker.
        case noTrailer
    }

    /// The name of the file.
    package let name: String
    /// What is wrong with it.
    package let problem: Problem

    package init(name: String, problem: Problem) {
        self.name = name
        self.problem = problem
    }

    /// A sentence without its full stop.
    package var description: String { "'\(name)' \(sentence)" }

    private var sentence: String {
        let remedy = "stop the profiler, or let the program exit, before reading it"
        return switch problem {
        case .tooShort(let bytes):
            "is not a CPU profile: it has \(bytes) bytes, fewer than the header; \(remedy)"
        case .notAProfile:
            "is not a CPU profile of gperftools on a 64-bit little-endian machine: its first words differ"
        case .version(let version):
            "is a CPU profile of version \(version), and only version 0 is supported; profile with gperftools 2"
        case .period(let period):
            "is damaged: its sampling period of \(period) µs is not between 1 µs and an hour; profile again"
        case .truncatedRecord(let offset):
            "is truncated within the record at byte \(offset); \(remedy)"
        case .damagedRecord(let offset):
            "is damaged: the record at byte \(offset) has an impossible number of samples or addresses; profile again"
        case .noTrailer:
            "is truncated: the end marker is missing; \(remedy)"
        }
    }
}
