// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Profiling

/// The Swift functions that this process is built from.
enum SwiftSymbols {
    /// The functions that may match one of these names, as frames.
    static func frames(in names: [CodeName]) async throws -> [Frame] {
        let symbols = SymbolTable.ofThisProcess { _ in false }.flatMap { $0.swiftSymbols(in: names) }
        let tool = try #require(Tool("swift-demangle", searchPath: OwnProcess.searchPath))
        let likely = try await likely(Set(symbols).sorted(), names, tool)
        return try await SwiftDemangler(tool: tool).names(of: likely).values.map { name in
            Frame(function: name.function, module: name.declaration.module, path: name.declaration.path)
        }
    }

    /// The symbols whose readable name contains the last part of a code name: parsing all trees would take too long.
    private static func likely(_ symbols: [String], _ names: [CodeName], _ tool: Tool) async throws -> Set<String> {
        let output = try await tool.output(arguments: ["-compact", "-simplified"], lines: symbols)
        let last = names.compactMap { $0.path.last?.prefix { $0 != "(" } }
        let wanted = Set(last.map { Array($0.utf8) })
        let lines = Array(output.utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let found = zip(symbols, lines).filter { _, line in
            line.split { !isOfIdentifier($0) }.contains { wanted.contains(Array($0)) }
        }
        return Set(found.map(\.0))
    }

    private static func isOfIdentifier(_ byte: UInt8) -> Bool {
        // Letters, digits and the underscore of ASCII; the others belong to identifiers, too.
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x5f, 0x61...0x7a, 0x80...: true
        default: false
        }
    }
}

/// The symbols of an executable or library, with those of inlined functions, which only debug information has.
struct SymbolTable {
    private let bytes: [UInt8]

    /// The tables of the tests' executable, and of some of its libraries.
    static func ofThisProcess(and isWanted: (String) -> Bool) -> [SymbolTable] {
        Set(OwnProcess.mappings.map(\.path)).filter { $0.hasSuffix(".xctest") || isWanted($0) }
            .compactMap { OwnProcess.bytes($0).map(SymbolTable.init) }
    }

    /// Whether there is a C function of this name; a `*` at the end stands for any characters.
    ///
    /// For a C++ function only the last part of the name counts, which mangling preserves.
    func contains(function name: String) -> Bool {
        if let member = name.split(separator: "::").dropFirst().last { return contains(String(member)) }
        return contains(name.hasSuffix("*") ? "\0\(name.dropLast())" : "\0\(name)\0")
    }

    private func contains(_ text: String) -> Bool { bytes.withUnsafeBytes { Self.find(text, in: $0[...]) != nil } }

    /// The Swift symbols of the modules of these names.
    func swiftSymbols(in names: [CodeName]) -> Set<String> {
        let modules = Set(names.compactMap(\.module))
        var symbols: Set<String> = []
        // Matching is slow, and there are few modules.
        var isWanted: [String: Bool] = [:]
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while let start = Self.find("\0$s", in: rest) {
                rest = rest[(start + 1)...]
                guard let end = Self.find("\0", in: rest), let module = Self.module(of: rest[..<end]) else { continue }
                let matches = isWanted[module] ?? modules.contains { CodeName.matches($0, module) }
                isWanted[module] = matches
                guard matches else { continue }
                symbols.insert(String(decoding: rest[..<end], as: UTF8.self))
            }
        }
        return symbols
    }

    /// The module at the beginning of a symbol, or after `Sp`, for extensions of `UnsafeMutablePointer`.
    private static func module(of symbol: Slice<UnsafeRawBufferPointer>) -> String? {
        let name = symbol.dropFirst(symbol.starts(with: "$sSp".utf8) ? 4 : 2)
        let digits = name.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let length = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
        return String(decoding: name.dropFirst(digits.count).prefix(length), as: UTF8.self)
    }

    private static func find(_ text: String, in bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard let start = bytes.base.baseAddress.map({ $0 + bytes.startIndex }) else { return nil }
        let place = Array(text.utf8).withUnsafeBytes { memmem(start, bytes.count, $0.baseAddress, $0.count) }
        return place.map { UnsafeRawPointer($0) - start + bytes.startIndex }
    }
}

/// The C library's function, which Swift does not import.
private let memmem = unsafeBitCast(dlsym(nil, "memmem"), to: Memmem.self)
private typealias Memmem =
    @convention(c) (UnsafeRawPointer, Int, UnsafeRawPointer?, Int) -> UnsafeMutableRawPointer?
