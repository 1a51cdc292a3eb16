// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Profiling

@Suite(
    "Symbolizing this process",
    .enabled(if: OwnProcess.hasSymbolizer, "llvm-symbolizer or swift-demangle is missing")
)
struct SymbolizerTests {
    @Test("functions of the executable and of libraries have names, modules and objects")
    func functions() async throws {
        let malloc = try #require(OwnProcess.address(of: "malloc"))
        let retain = try #require(OwnProcess.address(of: "swift_retain"))
        let addresses: Set = [OwnProcess.spinAddress, malloc, retain]
        let frames = try await Symbolizer().frames(of: addresses, in: OwnProcess.mappings)
        let own = try #require(frames[OwnProcess.spinAddress]?.last)
        #expect(own.function == "spinForCalls(_:)")
        #expect(own.module == "ProfilingTests")
        #expect(own.object == OwnProcess.executableName)
        let system = try #require(frames[malloc]?.last)
        #expect(system.function.hasSuffix("malloc"))
        #expect(system.module == nil)
        #expect(system.object?.hasPrefix("libc.so") == true)
        let runtime = try #require(frames[retain]?.last)
        #expect(runtime.function.contains("swift_retain"))
        #expect(runtime.object == "libswiftCore.so")
    }

    @Test("Swift functions of a library have readable names and their own module")
    func library() async throws {
        let symbol = "$sSS16debugDescriptionSSvg"
        let address = try #require(OwnProcess.address(of: symbol))
        let frames = try await Symbolizer().frames(of: [address], in: OwnProcess.mappings)
        let expected = Frame(
            function: "String.debugDescription.getter",
            module: "Swift",
            path: ["String", "debugDescription"],
            object: "libswiftCore.so"
        )
        #expect(frames == [address: [expected]])
    }

    @Test("debug information gives the file and the line")
    func lines() async throws {
        // The other functions of its file are nearby, in the compiler's order.
        let addresses = Set((0..<8_192).map { OwnProcess.spinAddress - 32_768 + $0 * 8 })
        let frames = try await Symbolizer().frames(of: addresses, in: OwnProcess.mappings).values.joined()
        #expect(frames.contains { $0.file?.hasSuffix("/OwnProcess.swift") == true && ($0.line ?? 0) > 1 })
    }

    @Test("code without symbols is named by its object, and without an object by its address")
    func unknown() async throws {
        let kernel = try #require(OwnProcess.mappings.first { $0.path == "[vdso]" }).start + 0x100
        let mappings =
            OwnProcess.mappings.filter { $0.start != 0x1000 } + [
                Mapping(start: 0x1000, end: 0x2000, fileOffset: 0, path: "", isExecutable: true),
                Mapping(start: 0x2000, end: 0x3000, fileOffset: 0, path: "/gone/libx.so (deleted)", isExecutable: true),
                Mapping(start: 0x3000, end: 0x4000, fileOffset: .max, path: "/etc/passwd", isExecutable: true),
            ]
        let addresses: Set<UInt64> = [0, 0x1abc, 0x2abc, 0x3abc, kernel, .max]
        let frames = try await Symbolizer().frames(of: addresses, in: mappings)
        #expect(frames.count == addresses.count)
        #expect(frames[0] == [Frame(function: "0x0")])
        #expect(frames[0x1abc] == [Frame(function: "0x1abc")])
        #expect(frames[0x2abc] == [Frame(function: "libx.so (deleted)", object: "libx.so (deleted)")])
        #expect(frames[0x3abc] == [Frame(function: "passwd", object: "passwd")])
        #expect(frames[.max] == [Frame(function: "0xffffffffffffffff")])
        #expect(frames[kernel] == [Frame(function: "[vdso]", object: "[vdso]")])
    }

    @Test("without addresses there is nothing to do")
    func none() async throws {
        #expect(try await Symbolizer().frames(of: [], in: OwnProcess.mappings).isEmpty)
    }

    @Test("more addresses than fit into a pipe are all symbolized")
    func many() async throws {
        let start = try #require(OwnProcess.address(of: "$sSS16debugDescriptionSSvg"))
        let addresses = Set((0..<20_000).map { start + $0 })
        let frames = try await Symbolizer().frames(of: addresses, in: OwnProcess.mappings)
        #expect(frames.count == addresses.count)
        let some = Set((0..<20_000).filter { $0.isMultiple(of: 1_999) }.map { start + $0 })
        let same = try await Symbolizer().frames(of: some, in: OwnProcess.mappings)
        #expect(frames.filter { some.contains($0.key) } == same)
        // Some are in gaps between functions.
        let named = frames.values.count { $0.contains { $0.module == "Swift" } }
        #expect(named > addresses.count / 2)
    }

    @Test("a cancelled task throws")
    func cancelled() async throws {
        let symbolizer = try Symbolizer()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await symbolizer.frames(of: [OwnProcess.spinAddress], in: OwnProcess.mappings)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
