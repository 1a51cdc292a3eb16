// SPDX-License-Identifier: Apache-2.0

import Foundation
import SystemPackage
import Testing

/// A `bench serve` process on a free port.
final class ServeProcess {
    let port: Int
    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()

    /// Starts the server; it listens when this returns.
    init(_ arguments: [String] = []) throws {
        process.executableURL = URL(filePath: try BenchProcess.executable.string)
        process.arguments = ["serve", "--port", "0"] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["SWITCHYARD_DEBUG_TRIALS": "1"]) { $1 }
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        port = try #require(Self.port(in: Self.firstLine(errors)))
    }

    deinit { if process.isRunning { process.terminate() } }

    var identifier: Int32 { process.processIdentifier }

    var root: String { "http://127.0.0.1:\(port)" }

    /// The number of open descriptors.
    var descriptors: Int {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(identifier)/fd").count
        }
    }

    /// The most memory that it has had resident so far, in bytes.
    var peakMemory: Int {
        get throws {
            let text = try String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
            return try #require(line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first) << 10
        }
    }

    /// Sends a signal; returns the exit status and the standard output.
    func end(with signal: Int32) -> (status: Int32, output: String) {
        kill(process.processIdentifier, signal)
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    /// The value of a counter in the server's last line.
    static func counter(_ name: String, in line: String) -> Int? {
        line.split(separator: ",").compactMap { part -> Int? in
            let part = part.trimmingCharacters(in: .whitespacesAndNewlines)
            return part.hasPrefix("\(name) ") ? Int(part.dropFirst(name.count + 1)) : nil
        }.first
    }

    private static func firstLine(_ pipe: Pipe) -> String {
        var line = Data()
        while let byte = try? pipe.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte[0] != 10 {
            line += byte
        }
        return String(decoding: line, as: UTF8.self)
    }

    private static func port(in line: String) -> Int? {
        line.firstMatch(of: /:(\d+)\//).flatMap { Int($0.1) }
    }
}

/// External programs, which may be missing.
enum Tool {
    static func isInstalled(_ name: String) -> Bool { path(name) != nil }

    /// Runs a program; returns its output on both streams.
    static func run(_ name: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: try #require(path(name)))
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return printed
    }

    private static func path(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
