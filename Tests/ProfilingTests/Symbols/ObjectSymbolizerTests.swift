// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Profiling

@Suite("The protocol with llvm-symbolizer")
struct ObjectSymbolizerTests {
    @Test(
        "a path is quoted whatever it contains, or left out",
        arguments: [
            ("/a b/c", "\"/a b/c\" 0x1f"), ("/a\"b", "'/a\"b' 0x1f"), ("/a'b", "\"/a'b\" 0x1f"), ("/a'b\"", nil),
            ("/a\nb", nil),
        ]
    )
    func line(path: String, expected: String?) {
        #expect(ObjectAddress(path: path, address: 31).line == expected)
    }

    @Test("inlined functions come innermost first")
    func inlined() throws {
        let output = """
            {"Address":"0x3f1ae0","ModuleName":"/a/bench","Symbol":[{"Column":30,"Discriminator":0,\
            "FileName":"/a/Endpoint.swift","FunctionName":"$s1","Line":107,"StartAddress":"0x3f1adc",\
            "StartFileName":"/a/Endpoint.swift","StartLine":104},{"Column":0,"Discriminator":0,\
            "FileName":"/a/TCPStream.swift","FunctionName":"$s2","Line":0,"StartAddress":"0x3f17b0",\
            "StartFileName":"/a/TCPStream.swift","StartLine":24}]}
            {"Address":"0x28","ModuleName":"/a/lib.so","Symbol":[{"Column":0,"Discriminator":0,\
            "FileName":"crtstuff.c","FunctionName":"f","Line":0,"StartAddress":"0x0","StartFileName":"","StartLine":0}]}

            """
        #expect(
            ObjectSymbolizer.answers(output) == [
                ObjectAddress(path: "/a/bench", address: 0x3f_1ae0): [
                    LinkedFrame(name: "$s1", file: "/a/Endpoint.swift", line: 107),
                    LinkedFrame(name: "$s2", file: "/a/TCPStream.swift", line: nil),
                ],
                ObjectAddress(path: "/a/lib.so", address: 0x28): [LinkedFrame(name: "f", file: nil, line: nil)],
            ]
        )
    }

    @Test("unknown addresses are left out, and compiler-generated code has no line")
    func unknown() {
        let output = """
            {"Address":"0x12","Error":{"Message":"No such file or directory"},"ModuleName":"/nowhere"}
            {"Address":"0x13","ModuleName":"/a","Symbol":[{"FileName":"","FunctionName":"","Line":0}]}
            {"Address":"0x14","ModuleName":"/a","Symbol":[{"FileName":"/<compiler-generated>","FunctionName":"g",\
            "Line":3,"StartFileName":"/a.swift"}]}
            """
        let expected = [ObjectAddress(path: "/a", address: 0x14): [LinkedFrame(name: "g", file: nil, line: nil)]]
        #expect(ObjectSymbolizer.answers(output) == expected)
    }

    @Test("the procedure linkage table follows _init")
    func linkageTable() {
        let lines = ["0x1000", "0x101f", "0x1020"].map { address in
            """
            {"Address":"\(address)","ModuleName":"/a","Symbol":[{"FileName":"","FunctionName":"_init","Line":0,\
            "StartAddress":"0x1000","StartFileName":""}]}

            """
        }
        let frames = ObjectSymbolizer.answers(lines.joined()) ?? [:]
        let names = frames.sorted { $0.key.address < $1.key.address }.flatMap(\.value).map(\.name)
        #expect(names == ["_init", "_init", "[plt]"])
    }

    @Test(
        "output that is not JSON is refused",
        arguments: ["main\n/a/b.c:12\n", "{}", "{\"Address\":\"\",\"ModuleName\":\"\"}"]
    )
    func malformed(output: String) {
        #expect(ObjectSymbolizer.answers(output) == nil)
    }
}
