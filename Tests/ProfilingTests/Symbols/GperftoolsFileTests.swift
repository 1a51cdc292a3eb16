// SPDX-License-Identifier: Apache-2.0

import Profiling
import Testing

@Suite("gperftools' file")
struct GperftoolsFileTests {
    @Test("a file has a period, stacks, samples and mappings")
    func whole() throws {
        let bytes = GperftoolsFileBytes.profile([(5, [0x40_1000, 0x40_2000]), (1, [0x7f00_0000_0010])])
        let profile = try GperftoolsFile(bytes: bytes, name: "a.prof")
        #expect(profile.period == .milliseconds(10))
        #expect(
            profile.stacks == [
                AddressStack(addresses: [0x40_1000, 0x40_2000], count: 5),
                AddressStack(addresses: [0x7f00_0000_0010], count: 1),
            ]
        )
        #expect(profile.sampleCount == 6)
        #expect(profile.mappings.map(\.path) == ["/usr/bin/program", "/usr/lib/library.so"])
    }

    @Test("a stack that occurs twice is one stack, in its first place")
    func merged() throws {
        let bytes = GperftoolsFileBytes.profile([(2, [1, 2]), (1, [3]), (4, [1, 2]), (8, [2, 1])])
        let profile = try GperftoolsFile(bytes: bytes, name: "a.prof")
        #expect(profile.stacks.map(\.addresses) == [[1, 2], [3], [2, 1]])
        #expect(profile.stacks.map(\.count) == [6, 1, 8])
        #expect(profile.sampleCount == 15)
    }

    @Test("a file without samples parses")
    func empty() throws {
        let profile = try GperftoolsFile(bytes: GperftoolsFileBytes.profile([], maps: ""), name: "a.prof")
        #expect(profile.stacks.isEmpty)
        #expect(profile.sampleCount == 0)
        #expect(profile.mappings.isEmpty)
    }

    @Test("additional header words of a later format are skipped")
    func longHeader() throws {
        let bytes =
            GperftoolsFileBytes.words([0, 5, 0, 1_000, 0, 77, 78]) + GperftoolsFileBytes.record(1, [9])
            + GperftoolsFileBytes.trailer
        let profile = try GperftoolsFile(bytes: bytes, name: "a.prof")
        #expect(profile.period == .milliseconds(1))
        #expect(profile.stacks == [AddressStack(addresses: [9], count: 1)])
    }

    @Test("the leaf is looked up at its address, and callers at their calls")
    func lookUp() throws {
        #expect(AddressStack(addresses: [0x10, 0x20, 0x30], count: 1).lookUpAddresses == [0x10, 0x1f, 0x2f])
        #expect(AddressStack(addresses: [0, 0], count: 1).lookUpAddresses == [0, 0])
        #expect(AddressStack(addresses: [], count: 1).lookUpAddresses.isEmpty)
        let bytes = GperftoolsFileBytes.profile([(1, [0x10, 0x20]), (1, [0x1f])])
        #expect(try GperftoolsFile(bytes: bytes, name: "a.prof").lookUpAddresses == [0x10, 0x1f])
    }
}

@Suite("Files that are not profiles")
struct GperftoolsFileErrorTests {
    @Test(
        "the error says what is wrong",
        arguments: [
            ([], .tooShort(bytes: 0)),
            (GperftoolsFileBytes.words([0, 3, 0, 10_000]) + [0, 0, 0], .tooShort(bytes: 35)),
            (GperftoolsFileBytes.words([0, 9, 0, 10_000, 0]), .tooShort(bytes: 40)),
            (Array("mode: a heap profile, or the text of some other file".utf8), .notAProfile),
            (GperftoolsFileBytes.words([0, 2, 0, 10_000, 0]), .notAProfile),
            (GperftoolsFileBytes.words([0, .max, 0, 10_000, 0]), .notAProfile),
            (GperftoolsFileBytes.words([0x3_0000_0000, 0x2710_0000_0000, 0, 0, 0]), .notAProfile),
            (GperftoolsFileBytes.words([0, 3, 1, 10_000, 0]), .version(1)),
            (GperftoolsFileBytes.words([0, 3, 0, 0, 0]), .period(0)),
            (GperftoolsFileBytes.words([0, 3, 0, .max, 0]), .period(.max)),
            (GperftoolsFileBytes.words([0, 3, 0, 10_000, 0]), .noTrailer),
            (GperftoolsFileBytes.words([0, 3, 0, 10_000, 0, 1, 1, 9]), .noTrailer),
            (GperftoolsFileBytes.words([0, 3, 0, 10_000, 0, 1]), .truncatedRecord(offset: 40)),
            (GperftoolsFileBytes.words([0, 3, 0, 10_000, 0, 1, 1, 9, 1, 3, 9, 9]), .truncatedRecord(offset: 64)),
            (GperftoolsFileBytes.words([0, 3, 0, 10_000, 0, 1, 1]) + [9], .truncatedRecord(offset: 40)),
            (GperftoolsFileBytes.words([0, 3, 0, 10_000, 0, 1, .max, 9]), .truncatedRecord(offset: 40)),
            (GperftoolsFileBytes.words([0, 3, 0, 10_000, 0, 1, 0]), .damagedRecord(offset: 40)),
            (GperftoolsFileBytes.words([0, 3, 0, 10_000, 0, 0, 1, 9]), .damagedRecord(offset: 40)),
            (GperftoolsFileBytes.words([0, 3, 0, 10_000, 0, .max, 1, 9]), .damagedRecord(offset: 40)),
            (
                GperftoolsFileBytes.words([0, 3, 0, 10_000, 0, UInt64(Int.max), 1, 9, 1, 1, 9]),
                .damagedRecord(offset: 64)
            ),
        ] as [([UInt8], GperftoolsFileError.Problem)]
    )
    func refused(bytes: [UInt8], problem: GperftoolsFileError.Problem) {
        #expect(throws: GperftoolsFileError(name: "a.prof", problem: problem)) {
            try GperftoolsFile(bytes: bytes, name: "a.prof")
        }
    }

    @Test("a file truncated at any byte of its words is refused")
    func cut() {
        let bytes = GperftoolsFileBytes.profile([(1, [1, 2]), (2, [3])], maps: "")
        for count in bytes.indices {
            #expect(throws: GperftoolsFileError.self, "\(count) bytes") {
                try GperftoolsFile(bytes: Array(bytes[..<count]), name: "a.prof")
            }
        }
    }

    @Test("the sentence names the file and what is wrong")
    func sentences() {
        let version = GperftoolsFileError(name: "cpu.prof", problem: .version(4)).description
        #expect(version.hasPrefix("'cpu.prof' is a CPU profile of version 4"))
        let cut = GperftoolsFileError(name: "cpu.prof", problem: .truncatedRecord(offset: 64)).description
        #expect(cut.hasPrefix("'cpu.prof' is truncated within the record at byte 64"))
    }
}
