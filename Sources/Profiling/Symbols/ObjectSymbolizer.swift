// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// An address within a file, as the file was linked.
struct ObjectAddress: Hashable, Sendable {
    let path: String
    let address: UInt64

    /// The query for `llvm-symbolizer`; nil for a path that cannot be quoted.
    var line: String? {
        guard !path.contains(where: \.isNewline) else { return nil }
        guard let quote = ["\"", "'"].first(where: { !path.contains($0) }) else { return nil }
        return "\(quote)\(path)\(quote) 0x\(String(address, radix: 16))"
    }
}

/// A function and its source location, before its name is made readable.
struct LinkedFrame: Equatable, Sendable {
    /// Still mangled for Swift, demangled for C++ and Rust.
    let name: String
    let file: String?
    let line: Int?
}

/// Symbolizes addresses with `llvm-symbolizer`.
struct ObjectSymbolizer: Sendable {
    /// `llvm-symbolizer`.
    let tool: Tool

    /// The functions at each address, the innermost inlined one first.
    ///
    /// Unknown addresses are left out. Throws a ``SymbolizerError``, or `CancellationError`.
    func frames(of addresses: Set<ObjectAddress>) async throws -> [ObjectAddress: [LinkedFrame]] {
        // Sorted, so that the tool reads one object after the other.
        let lines = addresses.compactMap(\.line).sorted()
        if lines.isEmpty { return [:] }
        let output = try await tool.output(
            arguments: ["--output-style=JSON", "--inlines", "--functions=linkage", "--demangle"],
            lines: lines
        )
        guard let frames = Self.answers(output) else {
            throw SymbolizerError.failed(
                program: "llvm-symbolizer",
                reason: "its output is not JSON: it is older than LLVM 13"
            )
        }
        return frames
    }

    /// Parses a line of JSON per address; nil if a line does not parse.
    static func answers(_ output: String) -> [ObjectAddress: [LinkedFrame]]? {
        var frames: [ObjectAddress: [LinkedFrame]] = [:]
        let decoder = JSONDecoder()
        for line in output.utf8.split(separator: UInt8(ascii: "\n")) {
            guard let answer = try? decoder.decode(Answer.self, from: Data(line)) else { return nil }
            guard let address = UInt64(answer.address.dropFirst(2), radix: 16) else { return nil }
            let found = (answer.symbols ?? []).compactMap { $0.frame(at: address) }
            if !found.isEmpty { frames[ObjectAddress(path: answer.path, address: address)] = found }
        }
        return frames
    }
}

/// A line of the output of `llvm-symbolizer`, without symbols for an unknown address.
private struct Answer: Decodable {
    struct Symbol: Decodable {
        let name: String
        let file: String
        let line: Int
        let startFile: String?
        let startAddress: String?

        enum CodingKeys: String, CodingKey {
            case name = "FunctionName"
            case file = "FileName"
            case line = "Line"
            case startFile = "StartFileName"
            case startAddress = "StartAddress"
        }

        /// Nil without a name.
        func frame(at address: UInt64) -> LinkedFrame? {
            guard !name.isEmpty && name != "??" else { return nil }
            if isLinkageTable(at: address) { return LinkedFrame(name: "[plt]", file: nil, line: nil) }
            // Without debug information, the tool guesses the file from nearby symbols.
            let isGuess = line == 0 && (startFile ?? "").isEmpty
            let isNoFile = file.isEmpty || file == "??" || file.hasSuffix("<compiler-generated>")
            if isGuess || isNoFile { return LinkedFrame(name: name, file: nil, line: nil) }
            return LinkedFrame(name: name, file: file, line: line > 0 ? line : nil)
        }

        /// Whether the address is in the procedure linkage table, the stubs that call other objects.
        ///
        /// The table has no symbols and follows `_init`, a few instructions whose symbol has no size.
        private func isLinkageTable(at address: UInt64) -> Bool {
            guard name == "_init", let start = startAddress.flatMap({ UInt64($0.dropFirst(2), radix: 16) }) else {
                return false
            }
            return address >= start && address - start >= 32
        }
    }

    let path: String
    let address: String
    let symbols: [Symbol]?

    enum CodingKeys: String, CodingKey {
        case path = "ModuleName"
        case address = "Address"
        case symbols = "Symbol"
    }
}
