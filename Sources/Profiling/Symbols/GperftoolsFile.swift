// SPDX-License-Identifier: Apache-2.0

/// A CPU profile of gperftools: the file that `ProfilerStart` names and `ProfilerStop` finishes.
///
/// gperftools' document "Google CPU Profiler Binary Data File Format" describes the format. It consists of words of the
/// machine's size and byte order; this reads those of 64-bit little-endian machines.
package struct GperftoolsFile: Sendable, Equatable {
    /// The requested processor time between two samples.
    package let period: Duration
    /// The distinct stacks, in the order of first occurrence.
    package let stacks: [AddressStack]
    /// The mappings when the profiler stopped, by ascending addresses.
    package let mappings: [Mapping]
    /// The total number of samples.
    package let sampleCount: Int

    /// Parses a file.
    ///
    /// - Parameters:
    ///   - bytes: the content of the file.
    ///   - name: the file's name for errors.
    package init(bytes: [UInt8], name: String) throws(GperftoolsFileError) {
        do {
            var words = FileWords(bytes)
            period = try Self.header(&words)
            (stacks, sampleCount) = try Self.records(&words)
            mappings = Mapping.list(words.rest)
        } catch {
            throw GperftoolsFileError(name: name, problem: error.problem)
        }
    }

    /// The addresses to symbolize.
    package var lookUpAddresses: Set<UInt64> { Set(stacks.lazy.flatMap(\.lookUpAddresses)) }

    /// The words 0, the number of header words that follow, version 0, the period in microseconds, and padding.
    private static func header(_ words: inout FileWords) throws(Failure) -> Duration {
        guard words.count >= 5 else { throw Failure(.tooShort(bytes: words.byteCount)) }
        guard words.next() == 0, let following = words.next(), (3...1_024).contains(following),
            let version = words.next(), let period = words.next()
        else { throw Failure(.notAProfile) }
        guard version == 0 else { throw Failure(.version(version)) }
        guard (1...3_600_000_000).contains(period) else { throw Failure(.period(period)) }
        for _ in 2..<following where words.next() == nil { throw Failure(.tooShort(bytes: words.byteCount)) }
        return .microseconds(period)
    }

    /// Records of a count, a depth and that many addresses, up to the record 0, 1, 0.
    private static func records(_ words: inout FileWords) throws(Failure) -> ([AddressStack], Int) {
        var counts: [[UInt64]: Int] = [:]
        var order: [[UInt64]] = []
        var total = 0
        while let (count, addresses) = try words.record() {
            let sum = total.addingReportingOverflow(count)
            guard !sum.overflow else { throw Failure(.damagedRecord(offset: words.recordOffset)) }
            total = sum.partialValue
            if counts.updateValue(counts[addresses, default: 0] + count, forKey: addresses) == nil {
                order.append(addresses)
            }
        }
        return (order.map { AddressStack(addresses: $0, count: counts[$0, default: 0]) }, total)
    }

    fileprivate struct Failure: Error {
        let problem: GperftoolsFileError.Problem

        init(_ problem: GperftoolsFileError.Problem) { self.problem = problem }
    }
}

/// The content of a file as 64-bit little-endian words.
private struct FileWords {
    private let bytes: [UInt8]
    private var position = 0
    /// The byte offset of the last record.
    private(set) var recordOffset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var byteCount: Int { bytes.count }
    var count: Int { (bytes.count - position) / 8 }

    /// The text after the words that have been read.
    var rest: String { String(decoding: bytes[position...], as: UTF8.self) }

    mutating func next() -> UInt64? {
        guard count > 0 else { return nil }
        defer { position += 8 }
        return bytes[position..<position + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A record; nil for the end marker.
    mutating func record() throws(GperftoolsFile.Failure) -> (count: Int, addresses: [UInt64])? {
        recordOffset = position
        guard position < bytes.count else { throw .init(.noTrailer) }
        guard let samples = next(), let depth = next(), depth <= UInt64(count) else {
            throw .init(.truncatedRecord(offset: recordOffset))
        }
        let addresses = (0..<depth).compactMap { _ in next() }
        if samples == 0 && addresses == [0] { return nil }
        guard let samples = Int(exactly: samples), samples > 0, depth > 0 else {
            throw .init(.damagedRecord(offset: recordOffset))
        }
        return (samples, addresses)
    }
}
