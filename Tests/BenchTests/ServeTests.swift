// SPDX-License-Identifier: Apache-2.0

import Backends
import Foundation
import Testing

/// With clients that are not ours.
///
/// `scripts/setup --checks` installs them; where one is missing, its tests are skipped.
@Suite("Serving", .tags(.slow), .serialized)
struct ServeTests {
    private func text(_ data: Data) -> String { String(decoding: data, as: UTF8.self) }

    private func curl(_ arguments: String...) throws -> Data { try Tool.run("curl", ["-s"] + arguments) }

    @Test(
        "curl gets pages, their heads, and back what it sends, on every backend",
        .enabled(if: Tool.isInstalled("curl"), "curl is not installed"),
        arguments: Backend.allCases
    )
    func curl(backend: Backend) throws {
        let server = try ServeProcess(["--backend", backend.rawValue])
        let file = try TemporaryDirectory()
        let body = Data((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try body.write(to: URL(filePath: "\(file.path)/body"))
        let upload = ["--data-binary", "@\(file.path)/body", "\(server.root)/echo"]
        for version in ["--http1.0", "--http1.1"] {
            #expect(text(try curl(version, "\(server.root)/")) == "Hello, world!\n")
        }
        #expect(text(try curl("-I", "\(server.root)/bytes/7")).contains("Content-Length: 7\r\n"))
        #expect(try curl("\(server.root)/bytes/300000").count == 300_000)
        #expect(try Tool.run("curl", ["-s"] + upload) == body)
        #expect(try Tool.run("curl", ["-s", "-H", "Transfer-Encoding: chunked"] + upload) == body)
        #expect(try Tool.run("curl", ["-s", "-H", "Expect: 100-continue"] + upload) == body)
        #expect(text(try curl("\(server.root)/delay/1", "\(server.root)/fan-out/5")).hasSuffix("5 of 5 answered\n"))
        let (status, line) = server.end(with: SIGTERM)
        #expect(status == 0)
        // Those of curl, and the five that the last of them made.
        #expect(ServeProcess.counter("requests", in: line) == 14, "\(line)")
        #expect(ServeProcess.counter("4xx", in: line) == 0)
        #expect(ServeProcess.counter("5xx", in: line) == 0)
    }

    @Test(
        "wrk finds no error, on every backend",
        .enabled(if: Tool.isInstalled("wrk"), "wrk is not installed"),
        arguments: Backend.allCases
    )
    func wrk(backend: Backend) throws {
        let server = try ServeProcess(["--backend", backend.rawValue])
        try load(server, connections: 64)
        #expect(server.end(with: SIGINT).status == 0)
    }

    @Test(
        "one connection does, and so do a thousand",
        .enabled(if: Tool.isInstalled("wrk"), "wrk is not installed"),
        arguments: [1, 1_000]
    )
    func wrk(connections: Int) throws {
        let server = try ServeProcess()
        try load(server, connections: connections)
        #expect(server.end(with: SIGINT).status == 0)
    }

    private func load(_ server: ServeProcess, connections: Int) throws {
        let report = text(try Tool.run("wrk", ["-t1", "-c\(connections)", "-d1s", "\(server.root)/"]))
        #expect(report.contains("requests in"), "\(report)")
        #expect(!report.contains("Socket errors"), "\(report)")
        #expect(!report.contains("Non-2xx"), "\(report)")
    }

    @Test("h2load finds no error", .enabled(if: Tool.isInstalled("h2load"), "h2load is not installed"))
    func h2load() throws {
        let server = try ServeProcess()
        let report = text(try Tool.run("h2load", ["--h1", "-n", "1000", "-c", "20", "\(server.root)/"]))
        #expect(report.contains("1000 succeeded, 0 failed, 0 errored, 0 timeout"), "\(report)")
    }

    @Test(
        "ab finds no error, with a connection for each request and with some for all",
        .enabled(if: Tool.isInstalled("ab"), "ab is not installed"),
        arguments: [[], ["-k"]]
    )
    func ab(options: [String]) throws {
        let server = try ServeProcess()
        let report = text(try Tool.run("ab", options + ["-q", "-n", "500", "-c", "10", "\(server.root)/"]))
        #expect(report.contains("Complete requests:      500"), "\(report)")
        #expect(report.contains("Failed requests:        0"), "\(report)")
    }

    @Test(
        "what cannot be served is said in one sentence",
        arguments: [
            (["--port", "70000"], "'70000' is not allowed for --port, which takes a whole number from 0 to 65535"),
            (["--connections", "0"], "'0' is not allowed for --connections"),
            (["--backend", "epol"], "unknown backend 'epol'"),
            (["--backend", "epoll,nio"], "bench serve takes one backend"),
            (["--switching", "kernel"], "switching 'kernel' is not supported"),
        ]
    )
    func mistakes(arguments: [String], sentence: String) async throws {
        let bench = try await BenchProcess.run(["serve"] + arguments)
        #expect(bench.status == 2)
        #expect(bench.errors.contains(sentence), "\(bench.errors)")
        #expect(bench.errors.split(separator: "\n").count == 1)
    }

    @Test("a port that is taken is named")
    func portTaken() async throws {
        let server = try ServeProcess()
        let bench = try await BenchProcess.run(["serve", "--port", "\(server.port)"])
        #expect(bench.status == 2)
        #expect(bench.errors.contains("'127.0.0.1' and port \(server.port)"), "\(bench.errors)")
        #expect(bench.errors.contains("Address already in use"), "\(bench.errors)")
    }
}
