// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Measurement
import ParameterValues
import Reports
import Subprocess
import SystemPackage
import Testing

/// The load generator of a trial, which is a process of its own.
@Suite("Load generators", .tags(.slow), .timeLimit(.minutes(5)))
struct LoadTests {
    private let allowed = CPUSet.allowed().numbers

    /// The processor that is measured.
    private var measured: Int { allowed.last ?? 0 }

    /// A server on the last processor, with more requests than the trial can see the end of.
    private func trial(_ workload: String) -> Trial {
        let parameters: [String: [String: ParameterValue]] = [
            "echo": ["connections": 4, "bytes": 64, "messages": 50_000_000],
            "http-server": ["connections": 4, "requests": 50_000_000],
        ]
        return Trial(
            cell: Cell(
                workload: workload,
                parameters: parameters[workload] ?? [:],
                backend: "epoll",
                switching: "soft",
                cpus: "\(measured)",
                metric: .serverTime
            ),
            round: 1,
            minimumTime: 1,
            timeLimit: 200
        )
    }

    /// Starts a trial; the body gets the identifiers of its process and of its load generator's, which has connected
    /// its clients.
    private func start(
        _ workload: String = "http-server",
        _ body: @escaping @Sendable (_ trial: Int32, _ generator: Int32) async throws -> Void
    ) async throws -> String {
        let outcome = try await Subprocess.run(
            .path(BenchProcess.executable),
            arguments: ["trial", try JSONText.line(trial(workload))],
            environment: .inherit.updating(["SWITCHYARD_DEBUG_TRIALS": "1"]),
            input: .none,
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        ) { execution in
            let trial = execution.processIdentifier.value
            var generator: Int32?
            while generator == nil && !isGone(trial) {
                try await Task.sleep(for: .milliseconds(5))
                generator = try? children(of: trial).first { sockets(of: $0) > 4 }
            }
            try await body(trial, #require(generator, "the trial ended by itself"))
        }
        return outcome.standardOutput
    }

    /// Whether a process has ended, also if it is still a zombie.
    private func isGone(_ process: Int32) -> Bool {
        let state = contents("/proc/\(process)/stat")
        return state.isEmpty || state.contains(") Z ")
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

    @Test("one that is killed fails the trial, which says so", arguments: ["http-server", "echo"])
    func killedGenerator(workload: String) async throws {
        let output = try await start(workload) { _, generator in #expect(kill(generator, SIGKILL) == 0) }
        let record = try JSONText.value(TrialRecord.self, from: output)
        #expect(record.status == .failed)
        #expect(record.message == "the load generator was killed by signal 9")
    }

    @Test("one whose trial is killed ends")
    func killedTrial() async throws {
        _ = try await start { trial, generator in
            #expect(kill(trial, SIGKILL) == 0)
            while !isGone(generator) { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    @Test("it runs beside the measured processor where there is another one")
    func apart() async throws {
        let others = allowed.count > 1 ? CPUSet(allowed.dropLast()) : CPUSet(allowed)
        _ = try await start { [measured] trial, generator in
            #expect(contents("/proc/\(generator)/status").contains("Cpus_allowed_list:\t\(others.list)\n"))
            #expect(contents("/proc/\(trial)/status").contains("Cpus_allowed_list:\t\(measured)\n"))
            #expect(kill(trial, SIGKILL) == 0)
        }
    }
}
