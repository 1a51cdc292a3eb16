// SPDX-License-Identifier: Apache-2.0

import Backends
import Foundation
import HTTP
import Tasklets
import Testing

/// Tests of the server with external clients.
///
/// `scripts/setup --checks` installs the clients; the tests of a missing client are skipped.
@Suite("Serving", .tags(.slow), .serialized)
struct ServeTests {
    private func text(_ data: Data) -> String { String(decoding: data, as: UTF8.self) }

    private func curl(_ arguments: String...) throws -> Data { try Tool.run("curl", ["-s"] + arguments) }

    @Test(
        "curl receives pages, headers and echoes, on every backend",
        .enabled(if: Tool.isInstalled("curl"), "curl is not installed"),
        arguments: served
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
        // Nine from curl, and five from the fan-out.
        #expect(ServeProcess.counter("requests", in: line) == 14, "\(line)")
        #expect(ServeProcess.counter("4xx", in: line) == 0)
        #expect(ServeProcess.counter("5xx", in: line) == 0)
    }

    @Test(
        "curl reuses its connection, and receives error statuses",
        .enabled(if: Tool.isInstalled("curl"), "curl is not installed")
    )
    func reuse() throws {
        let server = try ServeProcess()
        let page = ["-o", "/dev/null", "\(server.root)/"]
        #expect(text(try Tool.run("curl", ["-s", "-w", "%{num_connects} "] + page + page)) == "1 0 ")
        for (method, path, status) in [("GET", "nothing", "404"), ("DELETE", "", "405"), ("GET", "bytes/many", "400")] {
            let arguments = ["-X", method, "-o", "/dev/null", "-w", "%{http_code}", "\(server.root)/\(path)"]
            #expect(text(try Tool.run("curl", ["-s"] + arguments)) == status)
        }
        let (status, line) = server.end(with: SIGINT)
        #expect(status == 0)
        #expect(line.hasPrefix("connections 4, requests 5, below 400 2, 4xx 3, 5xx 0, bytes in "), "\(line)")
    }

    @Test("the limits on the command line are the server's")
    func limits() throws {
        let server = try ServeProcess([
            "--connections", "2", "--idle-timeout", "30", "--head-timeout", "0.05", "--body-timeout", "5",
            "--progress-timeout", "0.05", "--minimum-rate", "0", "--grace", "0.5", "--body-limit", "3",
        ])
        let responses = try Backend.epoll.makeScheduler().run { [port = server.port] in
            var responses: [String] = []
            let body = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length:"
            for request in ["GET / HTTP/1.1\r\n", "\(body) 3\r\n\r\n", "\(body) 4\r\n\r\nabcd"] {
                let stream = try await TCPStream.connect(host: "127.0.0.1", port: port)
                responses.append(String(try await stream.response(to: request).prefix(12)))
                stream.close()
            }
            return responses
        }
        #expect(responses == ["HTTP/1.1 408", "HTTP/1.1 408", "HTTP/1.1 413"])
        #expect(server.end(with: SIGTERM).status == 0)
    }

    @Test("connections beyond the limit of an address are closed at once")
    func perAddress() throws {
        let server = try ServeProcess(["--connections-per-address", "1"])
        let (refused, served) = try Backend.epoll.makeScheduler().run { [port = server.port] in
            let first = try await TCPStream.connect(host: "127.0.0.1", port: port)
            let second = try await TCPStream.connect(host: "127.0.0.1", port: port)
            let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
            return (try await second.response(to: ""), try await first.response(to: get))
        }
        #expect(refused == "")
        #expect(served.hasSuffix("Hello, world!\n"))
    }

    @Test(
        "a handler whose client has gone gives its place back",
        .enabled(if: Tool.isInstalled("curl"), "curl is not installed")
    )
    func goneClient() throws {
        let server = try ServeProcess(["--connections", "1"])
        // The client gives up after a tenth of a second.
        _ = try curl("-m", "0.1", "\(server.root)/delay/60000")
        #expect(text(try curl("\(server.root)/")) == "Hello, world!\n")
        let (status, line) = server.end(with: SIGTERM)
        #expect(status == 0)
        #expect(ServeProcess.counter("requests", in: line) == 2, "\(line)")
        #expect(ServeProcess.counter("5xx", in: line) == 0)
    }

    @Test(
        "paths and numbers are taken literally",
        .enabled(if: Tool.isInstalled("curl"), "curl is not installed")
    )
    func literally() throws {
        let server = try ServeProcess()
        let wrong = [
            ("/bytes/+3", "400"), ("/bytes/-0", "400"), ("/bytes/", "400"), ("/bytes/%33", "400"), ("//", "404"),
            ("//bytes/10", "404"), ("/bytes//10", "404"), ("/bytes/10/", "404"),
        ]
        for (path, status) in [("/", "200"), ("/bytes/3", "200"), ("/bytes/003", "200")] + wrong {
            let arguments = ["--path-as-is", "-o", "/dev/null", "-w", "%{http_code}", "\(server.root)\(path)"]
            #expect(text(try Tool.run("curl", ["-s"] + arguments)) == status, "\(path)")
        }
        #expect(text(try curl("-X", "POST", "\(server.root)/")).hasPrefix("this method is not allowed"))
        for (path, allowed) in [("", "GET, HEAD"), ("bytes/1", "GET, HEAD"), ("delay/1", "GET"), ("echo", "POST")] {
            let head = text(try curl("-i", "-X", "PUT", "\(server.root)/\(path)"))
            #expect(head.hasPrefix("HTTP/1.1 405 ") && head.contains("\r\nAllow: \(allowed)\r\n"), "\(head)")
        }
        #expect(server.end(with: SIGINT).status == 0)
    }

    @Test("a signal stops an idle server, which prints zero counters", arguments: [SIGINT, SIGTERM])
    func signals(signal: Int32) throws {
        let (status, line) = try ServeProcess().end(with: signal)
        #expect(status == 0)
        #expect(line == "connections 0, requests 0, below 400 0, 4xx 0, 5xx 0, bytes in 0, bytes out 0\n")
    }

    @Test(
        "no descriptors leak",
        .enabled(if: Tool.isInstalled("curl"), "curl is not installed"),
        arguments: served.filter { [.epoll, .dispatch, .nio, .ioUring].contains($0) }
    )
    func descriptors(backend: Backend) async throws {
        let server = try ServeProcess(["--backend", backend.rawValue])
        // The first use allocates descriptors that stay.
        _ = try curl("\(server.root)/fan-out/1")
        let before = try server.descriptors
        for _ in 0..<20 { _ = try curl("\(server.root)/") }
        // The server may not have seen the last close yet.
        for _ in 0..<3_000 where try server.descriptors > before { try await Task.sleep(for: .milliseconds(10)) }
        let after = try server.descriptors
        #expect(after <= before)
    }

    @Test(
        "wrk finds no errors, on every backend",
        .enabled(if: Tool.isInstalled("wrk"), "wrk is not installed"),
        arguments: served
    )
    func wrk(backend: Backend) throws {
        let server = try ServeProcess(["--backend", backend.rawValue])
        try load(server, connections: 64)
        #expect(server.end(with: SIGINT).status == 0)
    }

    @Test(
        "one connection works, and so do a thousand",
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

    @Test(
        "many fan-outs at once all end well, take little memory, and let others in",
        arguments: [Backend.epoll, .nio]
    )
    func fanOuts(backend: Backend) throws {
        let (requests, size) = (40, 500)
        let server = try ServeProcess(["--backend", backend.rawValue])
        let before = try server.peakMemory
        let (finished, texts) = try Backend.epoll.makeScheduler().run { [root = server.root] in
            let texts = Channel<String>("texts", capacity: requests)
            for _ in 0..<requests {
                Tasklet.spawn("client") { try await texts.send(try await getPage("\(root)/fan-out/\(size)").text) }
            }
            // The other client comes after the requests that fan out, and is served before the last of them.
            for _ in 0..<5 { _ = try await getPage("\(root)/") }
            let finished = texts.balance
            var all: [String] = []
            for _ in 0..<requests { all.append(try await texts.receive()) }
            return (finished, all)
        }
        #expect(texts == Array(repeating: "\(size) of \(size) answered\n", count: requests))
        #expect(finished < requests / 2)
        // A debug build takes about 20 KiB for a request and its reply; all at once, they would take over 300 MiB.
        let taken = try server.peakMemory - before
        #expect(taken < 64 << 20, "\(taken >> 20) MiB")
        #expect(server.end(with: SIGTERM).status == 0)
    }

    @Test("h2load finds no errors", .enabled(if: Tool.isInstalled("h2load"), "h2load is not installed"))
    func h2load() throws {
        let server = try ServeProcess()
        let report = text(try Tool.run("h2load", ["--h1", "-n", "1000", "-c", "20", "\(server.root)/"]))
        #expect(report.contains("1000 succeeded, 0 failed, 0 errored, 0 timeout"), "\(report)")
        let (status, line) = server.end(with: SIGINT)
        #expect(status == 0)
        #expect(line.hasPrefix("connections 20, requests 1000, below 400 1000, 4xx 0, 5xx 0, "), "\(line)")
    }

    @Test(
        "ab finds no errors, with and without keep-alive",
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
        "a usage error prints one sentence",
        arguments: [
            (["--port", "70000"], "invalid value '70000' for --port: expected a whole number from 0 to 65535"),
            (["--connections", "0"], "invalid value '0' for --connections"),
            (["--connections-per-address", "none"], "invalid value 'none' for --connections-per-address"),
            (["--idle-timeout", "0"], "invalid value '0' for --idle-timeout: expected seconds from 0.001 to 86400"),
            (["--head-timeout", "-1"], "invalid value '-1' for --head-timeout"),
            (["--body-timeout", "1e3"], "invalid value '1e3' for --body-timeout"),
            (["--progress-timeout", "86401"], "invalid value '86401' for --progress-timeout"),
            (["--minimum-rate", "-1"], "invalid value '-1' for --minimum-rate: expected a whole number from 0"),
            (["--grace", "0.0001"], "invalid value '0.0001' for --grace"),
            (["--body-limit", "1k"], "invalid value '1k' for --body-limit"),
            (["--backend", "epol"], "unknown backend 'epol'"),
            (["--backend", "epoll,nio"], "bench serve takes one backend"),
            (["--switching", "kernel"], "switching 'kernel' is not supported"),
            (["--switching", "soft,hard"], "bench serve takes one backend and one switching"),
            (["--host", "no-such-host.invalid"], "cannot listen on 'no-such-host.invalid' and port 8080"),
            (["--frobnicate"], "--frobnicate"), (["surplus"], "surplus"),
        ]
    )
    func mistakes(arguments: [String], sentence: String) async throws {
        let bench = try await BenchProcess.run(["serve"] + arguments)
        #expect(bench.status == 2)
        #expect(bench.errors.contains(sentence), "\(bench.errors)")
        #expect(bench.errors.split(separator: "\n").count == 1)
    }

    @Test("a port in use is named")
    func portTaken() async throws {
        let server = try ServeProcess()
        let bench = try await BenchProcess.run(["serve", "--port", "\(server.port)"])
        #expect(bench.status == 2)
        #expect(bench.errors.contains("'127.0.0.1' and port \(server.port)"), "\(bench.errors)")
        #expect(bench.errors.contains("Address already in use"), "\(bench.errors)")
    }
}

extension TCPStream {
    /// Sends a request; returns what one read receives.
    fileprivate func response(to request: String) async throws -> String {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 1)
        defer { buffer.deallocate() }
        buffer.copyBytes(from: request.utf8)
        try await write(UnsafeRawBufferPointer(rebasing: buffer[..<request.utf8.count]))
        let count = try await read(into: buffer)
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}

/// The backends that this system supports: it may refuse io_uring, as containers do.
private let served = Backend.allCases.filter { backend in
    do { _ = try backend.makeScheduler() } catch { return (error as? SchedulerError)?.code != .unsupported }
    return true
}
