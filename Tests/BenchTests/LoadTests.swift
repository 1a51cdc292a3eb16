// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Measurement
import Reports
import Subprocess
import SystemPackage
import Testing

/// The load generator of a trial, which is a process of its own.
@Suite("Load generators", .tags(.slow))
struct LoadTests {
    /// An HTTP server on the last of two processors, with more requests than the trial can see the end of.
    private let trial = Trial(
        cell: Cell(
            workload: "http-server",
            parameters: ["connections": 4, "requests": 50_000_000],
            backend: "epoll",
            switching: "soft",
            cpus: "1",
            metric: .serverTime
        ),
        round: 1,
        minimumTime: 1,
        timeLimit: 100
    )

    /// Starts the trial; the body gets the identifiers of its process and of its load generator's, which has its
    /// clients connected.
    private func start(
        _ body: @escaping @Sendable (_ trial: Int32, _ generator: Int32) async throws -> Void
    ) async throws -> String {
        let outcome = try await Subprocess.run(
            .path(BenchProcess.executable),
            arguments: ["trial", try JSONText.line(trial)],
            environment: .inherit.updating(["SWITCHYARD_DEBUG_TRIALS": "1"]),
            input: .none,
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        ) { execution in
            let trial = execution.processIdentifier.value
            var generator: Int32?
            while generator == nil {
                try await Task.sleep(for: .milliseconds(5))
                generator = try children(of: trial).first { sockets(of: $0) > 4 }
            }
            try await body(trial, #require(generator))
        }
        return outcome.standardOutput
    }

    private func children(of process: Int32) throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task").flatMap { thread in
            contents("/proc/\(process)/task/\(thread)/children").split(separator: " ").compactMap { Int32($0) }
        }
    }

    private func sockets(of process: Int32) -> Int {
        let folder = "/proc/\(process)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.count { name in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)"))?.hasPrefix("socket:")
                == true
        }
    }

    private func contents(_ path: String) -> String {
        (try? Data(contentsOf: URL(filePath: path))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    @Test("one that is killed fails the trial, which says so")
    func killedGenerator() async throws {
        let output = try await start { _, generator in #expect(kill(generator, SIGKILL) == 0) }
        let record = try JSONText.value(TrialRecord.self, from: output)
        #expect(record.status == .failed)
        #expect(record.message == "the load generator was killed by signal 9")
    }

    @Test("one whose trial is killed ends")
    func killedTrial() async throws {
        _ = try await start { trial, generator in
            #expect(kill(trial, SIGKILL) == 0)
            while kill(generator, 0) == 0 && !contents("/proc/\(generator)/stat").contains(") Z ") {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    @Test("it runs beside the measured processor")
    func apart() async throws {
        _ = try await start { trial, generator in
            #expect(contents("/proc/\(generator)/status").contains("Cpus_allowed_list:\t0\n"))
            #expect(contents("/proc/\(trial)/status").contains("Cpus_allowed_list:\t1\n"))
            #expect(kill(trial, SIGKILL) == 0)
        }
    }
}
