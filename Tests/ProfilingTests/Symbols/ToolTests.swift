// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import SystemPackage
import Testing

@testable import Profiling

@Suite("Tools of the symbolizer")
struct ToolTests {
    /// A temporary directory of shell scripts.
    private struct Programs: ~Copyable {
        let path: String

        init(_ scripts: [String: String]) throws {
            path = "\(FileManager.default.temporaryDirectory.path)/switchyard-\(UInt64.random(in: 0...(.max)))"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            for (name, script) in scripts {
                let file = try FileDescriptor.open(
                    "\(path)/\(name)",
                    .writeOnly,
                    options: [.create, .closeOnExec],
                    permissions: [.ownerReadWriteExecute]
                )
                try file.closeAfter { _ = try file.writeAll("#!/bin/sh\n\(script)\n".utf8) }
            }
        }

        func link(_ name: String, to target: String) throws {
            guard symlink(target, "\(path)/\(name)") == 0 else { throw Errno(rawValue: errno) }
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private static let mappings = OwnProcess.mappings
    private static let addresses: Set = [OwnProcess.spinAddress]

    @Test("the error for a missing tool says what to install")
    func missing() throws {
        let nothing = try Programs([:])
        #expect(throws: SymbolizerError.noSymbolizer) { try Symbolizer(searchPath: nothing.path) }
        #expect(throws: SymbolizerError.noSymbolizer) { try Symbolizer(searchPath: "") }
        let half = try Programs(["llvm-symbolizer": ""])
        #expect(throws: SymbolizerError.noDemangler) { try Symbolizer(searchPath: half.path) }
        #expect(SymbolizerError.noSymbolizer.description.contains("apt-get install llvm"))
    }

    @Test("tools in relative directories do not run")
    func relative() throws {
        let programs = try Programs(["llvm-symbolizer": "", "swift-demangle": ""])
        let up = String(repeating: "../", count: 40)
        #expect(throws: SymbolizerError.noSymbolizer) {
            try Symbolizer(searchPath: up + programs.path.dropFirst())
        }
        _ = try Symbolizer(searchPath: programs.path)
    }

    @Test("tools beside the search path's swift take precedence")
    func toolchain() throws {
        let toolchain = try Programs(["swift-driver": "", "llvm-symbolizer": ""])
        let system = try Programs(["llvm-symbolizer": "", "swift-demangle": ""])
        try system.link("swift", to: "\(toolchain.path)/swift-driver")
        let symbolizer = try #require(Tool("llvm-symbolizer", searchPath: system.path))
        #expect(symbolizer.path == FilePath("\(toolchain.path)/llvm-symbolizer"))
        let demangler = try #require(Tool("swift-demangle", searchPath: system.path))
        #expect(demangler.path == FilePath("\(system.path)/swift-demangle"))
    }

    @Test("the error for a failed tool has its status and first line")
    func failing() async throws {
        let programs = try Programs(["llvm-symbolizer": "echo broken >&2; exit 3", "swift-demangle": ""])
        let symbolizer = try Symbolizer(searchPath: programs.path)
        await #expect(
            throws: SymbolizerError.failed(program: "llvm-symbolizer", reason: "it exited with status 3: broken")
        ) {
            try await symbolizer.frames(of: Self.addresses, in: Self.mappings)
        }
    }

    @Test("unexpected output is an error")
    func garbled() async throws {
        let programs = try Programs(["llvm-symbolizer": "echo main", "swift-demangle": ""])
        let symbolizer = try Symbolizer(searchPath: programs.path)
        await #expect(throws: SymbolizerError.self) {
            try await symbolizer.frames(of: Self.addresses, in: Self.mappings)
        }
    }

    @Test("a tool that ignores a long input does not kill this process")
    func deaf() async throws {
        let programs = try Programs(["deaf": "exec <&-; echo done"])
        let tool = try #require(Tool("deaf", searchPath: programs.path))
        let lines = Array(repeating: String(repeating: "x", count: 100), count: 100_000)
        #expect(try await tool.output(arguments: [], lines: lines) == "done\n")
    }

    @Test("long input and long output are complete")
    func long() async throws {
        let programs = try Programs(["copy": "exec cat"])
        let tool = try #require(Tool("copy", searchPath: programs.path))
        let lines = (0..<200_000).map { "\($0) \(String(repeating: "x", count: 20))" }
        let output = try await tool.output(arguments: [], lines: lines)
        #expect(output == lines.joined(separator: "\n") + "\n")
    }
}
