// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Subprocess
import Testing

@testable import Harness

/// Peers that try to reach a port on which the tests listen.
@Suite(.tags(.slow)) struct `The network of peers` {
    private static let isolated = "The run had no network but a loopback of its own"
    private static let reachable = "The peers could reach the machine's network"

    private static func run(_ listener: borrowing Listener, keeps: Bool, in directory: borrowing TemporaryDirectory)
        async throws -> BenchProcess
    {
        let reaches = "(: </dev/tcp/127.0.0.1/\(listener.port)) 2>/dev/null"
        let right = #"echo "{\"nanoseconds\":$((n * 100000)),\"answer\":50}""#
        let program = PeerFixture.shell(answer: "if \(reaches); then echo '{\"error\":\"reached\"}'; else \(right); fi")
        let build = "if \(reaches); then touch '\(directory.path)/reached'; fi; \(PeerFixture.copying)"
        let peer = try PeerFixture(in: directory, program: program, build: build)
        return try await BenchProcess.run(
            ["run", "ping-pong", "--quick", "--set", "messages=50", "--backends", "epoll", "--switching", "soft"]
                + ["--rounds", "1", "--peers", peer.path, "--output", "\(directory.path)/results"],
            environment: keeps ? ["SWITCHYARD_NETWORK": "keep"] : [:]
        )
    }

    @Test(.enabled("the kernel refuses network namespaces") { await Self.kernelPermitsIt() })
    func `Neither a peer nor its build reaches the machine's loopback`() async throws {
        let directory = try TemporaryDirectory()
        let bench = try await Self.run(try Listener(), keeps: false, in: directory)
        #expect(bench.status == 0, "\(bench.errors)")
        #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/reached"))
        #expect(try directory.text("results/report.md").contains(Self.isolated))
    }

    @Test(.enabled("the kernel refuses network namespaces") { await Self.kernelPermitsIt() })
    func `A run that is resumed has no network either`() async throws {
        let directory = try TemporaryDirectory()
        let listener = try Listener()
        _ = try await Self.run(listener, keeps: false, in: directory)
        let results = "\(directory.path)/results"
        let description = try directory.text("results/run.json")
        try Data(description.replacing("\"isComplete\" : true", with: "\"isComplete\" : false").utf8)
            .write(to: URL(filePath: "\(results)/run.json"))
        let own = try directory.text("results/trials.jsonl").split(separator: "\n").filter { !$0.contains("peer:fake") }
        try Data(own.map { "\($0)\n" }.joined().utf8).write(to: URL(filePath: "\(results)/trials.jsonl"))
        let bench = try await BenchProcess.run(["run", "--resume", results])
        #expect(bench.status == 0, "\(bench.errors)")
        #expect(try directory.text("results/report.md").contains(Self.isolated))
    }

    @Test func `Where they can, the report says so`() async throws {
        let directory = try TemporaryDirectory()
        let bench = try await Self.run(try Listener(), keeps: true, in: directory)
        #expect(bench.errors.contains("the peer failed: reached"))
        #expect(FileManager.default.fileExists(atPath: "\(directory.path)/reached"))
        #expect(try directory.text("results/report.md").contains(Self.reachable))
    }

    @Test func `A process with several threads stays, because only one of them would leave`() async {
        // The tests have many.
        #expect(!PeerNetwork.leave { 0 })
    }

    /// Whether another program can.
    private static func kernelPermitsIt() async -> Bool {
        let arguments: Arguments = ["--user", "--net", "true"]
        let outcome = try? await Subprocess.run(
            .name("unshare"),
            arguments: arguments,
            output: .discarded,
            error: .discarded
        )
        return outcome?.terminationStatus.isSuccess ?? false
    }
}

/// A socket that listens on a port of 127.0.0.1.
private struct Listener: ~Copyable {
    private let socket: Int32
    let port: UInt16

    init() throws {
        (socket, port) = try Self.open()
    }

    private static func open() throws -> (Int32, UInt16) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        try #require(socket >= 0 && listen(socket, 16) == 0)
        return (socket, try port(of: socket))
    }

    private static func port(of socket: Int32) throws -> UInt16 {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
        }
        try #require(code == 0)
        return UInt16(bigEndian: address.sin_port)
    }

    deinit { close(socket) }
}
