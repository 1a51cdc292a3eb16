// SPDX-License-Identifier: Apache-2.0

/// Why a file cannot be read as a gperftools CPU profile.
package struct GperftoolsFileError: Error, Equatable, CustomStringConvertible {
    /// What is wrong with a file.
    package enum Problem: Sendable, Equatable {
        /// It has this many bytes, which is too few for the header.
        case tooShort(bytes: Int)
        /// Its first words are not those of a profile.
        case notAProfile
        /// It has a version that nobody has documented yet.
        case version(UInt64)
        /// Its sampling period, in microseconds, is zero or longer than an hour.
        case period(UInt64)
        /// It ends within the record that starts at this byte.
        case truncatedRecord(offset: Int)
        /// The record that starts at this byte has no addresses, no samples, or more samples than can be.
        case damagedRecord(offset: Int)
        /// It ends after a record, without the record that marks the end of the samples.
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
        let remedy = "the profiler has to be stopped, or the program to end by itself, before it is read"
        return switch problem {
        case .tooShort(let bytes):
            "is no CPU profile: it has \(bytes) bytes, fewer than the header of one; \(remedy)"
        case .notAProfile:
            "is no CPU profile that gperftools writes on a 64-bit little-endian machine: its first words differ"
        case .version(let version):
            "is a CPU profile of version \(version), and only version 0 can be read; profile with gperftools 2"
        case .period(let period):
            "is damaged: its sampling period of \(period) µs is not between 1 µs and an hour; profile again"
        case .truncatedRecord(let offset):
            "is cut off within the record at byte \(offset); \(remedy)"
        case .damagedRecord(let offset):
            "is damaged: the record at byte \(offset) has an impossible number of samples or addresses; profile again"
        case .noTrailer:
            "is cut off: the record that marks the end of the samples is missing; \(remedy)"
        }
    }
}
