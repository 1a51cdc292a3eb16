// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Backends
import Measurement

/// `bench profile`: where a workload spends its time, tasklet by tasklet.
struct ProfileCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Finds hotspots, and which tasklet they belong to.",
        discussion: """
            Needs gperftools (package libgoogle-perftools-dev). Prints a report, and writes it into a directory, with \
            flame graphs, folded stacks, a speedscope file, and gperftools' own profiles.
            """
    )

    @Argument(help: "The workload; see 'bench list'.")
    var workload: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The scheduler.", valueName: "B"))
    var backend: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("How tasklets leave the processor.", valueName: "S"))
    var switching: String?

    @Option(
        name: .customLong("set"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Sets a parameter of the workload.", valueName: "NAME=VALUE")
    )
    var settings: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Samples in a second of processor time; the kernel has its own limit.", valueName: "HZ")
    )
    var frequency = "250"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seconds that the profiles take together; 10 without.", valueName: "S")
    )
    var duration: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Confines it to these CPUs; one without.", valueName: "LIST"))
    var cpus: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Where the files go; a new or empty directory.", valueName: "DIR")
    )
    var output: String?

    @Flag(help: "Profiles tasklets whose shares are known instead, on every scheduler, and says how wrong it is.")
    var selfTest = false

    func execute() -> ExitStatus {
        attempt("the profile") {
            if selfTest {
                let test = try ProfileSelfTest(self, allowedCPUs: .allowed())
                try ReleaseBuild.ensure()
                return try Blocking.run { try await test.run() }
            }
            let request = try ProfileRequest(self, allowedCPUs: .allowed())
            try ReleaseBuild.ensure()
            let directory = try ResultsDirectory.create(at: output)
            return try Blocking.run { try await ProfileSession(request: request, directory: directory).run() }
        }
    }
}

/// What `bench profile` was asked for, checked.
struct ProfileRequest: Sendable, Equatable {
    /// What is profiled.
    let cell: Cell
    /// Samples in a second of processor time.
    let frequency: Int
    /// Seconds that the profiles take together.
    let duration: Int
    /// How many processes are profiled, one after another.
    let rounds: Int

    /// Throws a ``UsageError`` at the first argument that cannot be used.
    init(_ command: ProfileCommand, allowedCPUs: CPUSet) throws {
        guard let name = command.workload else {
            throw UsageError("bench profile needs a workload, or --self-test; 'bench list' shows the workloads")
        }
        let workload = try RunRequest.workload(name)
        let strategy = try Strategy.one(
            backend: command.backend ?? Backend.epoll.rawValue,
            switching: command.switching,
            for: "bench profile"
        )
        let settings = try Settings(command.settings, for: [workload])
        let cpus = try RunRequest.cpus(command.cpus, allowed: allowedCPUs)
        cell = strategy.cell(workload, settings.values(for: workload, quick: false), cpus: cpus)
        frequency = try UsageError.whole("--frequency", command.frequency, in: 1...4_000)
        duration = try UsageError.whole("--duration", command.duration, in: 1...3_600) ?? 10
        rounds = min(3, duration)
    }

    /// What one process runs.
    func trial(_ round: Int) -> Trial {
        let share = Double(duration) / Double(rounds)
        return Trial(cell: cell, round: round, minimumTime: share, timeLimit: 60 + 4 * share)
    }

    /// `fan-out-http.epoll-soft`: what files are called.
    var name: String { "\(cell.workload).\(cell.backend)-\(cell.switching)" }
}
