// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Profiling

@Suite("Mappings")
struct MappingTests {
    @Test("the lines of /proc/self/maps are sorted by address")
    func lines() {
        let text = """
            7ffc7a1e5000-7ffc7a1e7000 r-xp 00000000 00:00 0                          [vdso]
            559d30000000-559d30010000 r-xp 0000f000 fe:01 1234                       /opt/a b/bench (deleted)
            7f1c00000000-7f1c00021000 rw-p 00000000 00:00 0 
            """
        #expect(
            Mapping.list(text) == [
                Mapping(
                    start: 0x559d_3000_0000,
                    end: 0x559d_3001_0000,
                    fileOffset: 0xf000,
                    path: "/opt/a b/bench (deleted)",
                    isExecutable: true
                ),
                Mapping(
                    start: 0x7f1c_0000_0000,
                    end: 0x7f1c_0002_1000,
                    fileOffset: 0,
                    path: "",
                    isExecutable: false
                ),
                Mapping(
                    start: 0x7ffc_7a1e_5000,
                    end: 0x7ffc_7a1e_7000,
                    fileOffset: 0,
                    path: "[vdso]",
                    isExecutable: true
                ),
            ]
        )
    }

    @Test(
        "other lines are ignored",
        arguments: [
            "", " ", "build=/usr/bin/x", "1000-2000 r-xp", "2000-1000 r-xp 0 0:0 0 /a", "1000-1000 r-xp 0 0:0 0 /a",
            "1000-2000-3000 r-xp 0 0:0 0 /a", "1000 r-xp 0 0:0 0 /a", "x-y r-xp 0 0:0 0 /a", "1000-2000 r- 0 0:0 0 /a",
            "1000-2000 r-xp z 0:0 0 /a", "10000000000000000-20000000000000000 r-xp 0 0:0 0 /a",
        ]
    )
    func malformed(line: String) {
        #expect(Mapping.list(line).isEmpty)
    }

    @Test(
        "an object's name has no directory",
        arguments: [("/usr/lib/libc.so.6", "libc.so.6"), ("[vdso]", "[vdso]"), ("", nil), ("/", nil)]
    )
    func object(path: String, name: String?) {
        #expect(Mapping(start: 0, end: 1, fileOffset: 0, path: path, isExecutable: true).object == name)
    }

    @Test("this process's executable is among its mappings")
    func own() throws {
        let mappings = Mapping.list(try #require(OwnProcess.text("/proc/self/maps")))
        let index = MappingIndex(mappings)
        #expect(index[OwnProcess.spinAddress]?.isExecutable == true)
    }

    @Test("an address is found in the mapping that contains it, and in no other")
    func index() {
        let mappings = [(0x3000, 0x4000), (0x1000, 0x2000), (0x2000, 0x2800)].map {
            Mapping(start: UInt64($0.0), end: UInt64($0.1), fileOffset: 0, path: "/\($0.0)", isExecutable: true)
        }
        let index = MappingIndex(mappings)
        let expected: [UInt64: UInt64?] = [
            0: nil, 0xfff: nil, 0x1000: 0x1000, 0x1fff: 0x1000, 0x2000: 0x2000, 0x27ff: 0x2000, 0x2800: nil,
            0x2fff: nil, 0x3000: 0x3000, 0x3fff: 0x3000, 0x4000: nil, .max: nil,
        ]
        for (address, start) in expected { #expect(index[address]?.start == start, "\(address)") }
        #expect(MappingIndex([])[0] == nil)
    }
}
