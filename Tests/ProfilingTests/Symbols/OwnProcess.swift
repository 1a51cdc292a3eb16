// SPDX-License-Identifier: Apache-2.0

import Glibc

@testable import Profiling

/// Addresses and files of the tests' process.
enum OwnProcess {
    /// The content of a file; nil if it cannot be read.
    static func bytes(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes
    }

    static func text(_ path: String) -> String? { bytes(path).map { String(decoding: $0, as: UTF8.self) } }

    /// The process's mappings.
    static var mappings: [Mapping] { Mapping.list(text("/proc/self/maps") ?? "") }

    /// The address of a function of a shared library.
    static func address(of symbol: String) -> UInt64? {
        dlsym(nil, symbol).map { UInt64(UInt(bitPattern: $0)) }
    }

    /// The address of ``spinForCalls(_:)``.
    static var spinAddress: UInt64 {
        let function: @convention(c) (Int32) -> Int32 = spinForCalls
        return UInt64(unsafeBitCast(function, to: UInt.self))
    }

    /// The file name of the executable.
    static var executableName: String? {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        return String(cString: path).split(separator: "/").last.map(String.init)
    }

    /// The search path for programs.
    static var searchPath: String { getenv("PATH").map { String(cString: $0) } ?? "" }

    /// Whether both tools that a symbolizer needs are installed.
    static var hasSymbolizer: Bool { (try? Symbolizer()) != nil }

    /// Whether the profiler of gperftools is installed.
    static var hasProfiler: Bool { dlopen("libprofiler.so.0", RTLD_NOW) != nil }
}

/// A function to look for by name, which is a leaf in every build.
@inline(never)
func spinForCalls(_ count: Int32) -> Int32 {
    var value = count
    var index: Int32 = 0
    while index < count {
        value = value &* 1_103_515_245 &+ 12_345
        index = index &+ 1
    }
    return value
}
