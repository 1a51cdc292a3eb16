// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Harness
import Measurement

/// `bench profile`: where a workload spends its time, by tasklet.
struct ProfileCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Finds hot spots and the tasklets that they belong to.",
        discussion: """
            Requires gperftools (package libgoogle-perftools-dev). Prints a report, and writes it to a directory with \
            flame graphs, folded stacks, a speedscope file and gperftools' own profiles.

            Example: bench profile fan-out-http --backend nio
            """
    )

    @Argument(help: "The workload; see 'bench list'.")
    var workload: String?

    @OptionGroup var backend: BackendOption

    @OptionGroup var switching: SwitchingOption

    @OptionGroup var measurement: MeasurementOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Samples per second of processor time, up to the kernel's limit.", valueName: "HZ")
    )
    var frequency = "250"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Seconds of all profiles together. (default: 10, with --self-test 20 for each)",
            valueName: "S"
        )
    )
    var duration: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Compares B with A: each a backend, a switching, or BACKEND/SWITCHING. (default: no comparison)",
            valueName: "A B"
        )
    )
    var diff: [String] = []

    @Flag(
        help: ArgumentHelp(
            "Profiles tasklets with known shares, on every backend but io-uring unless one is given, and prints the "
                + "errors."
        )
    )
    var selfTest = false

    func execute() -> ExitStatus {
        attempt("the profile") {
            try DescriptorLimit.check()
            return try selfTest ? runSelfTest() : run()
        }
    }

    private func run() throws -> ExitStatus {
        let request = try ProfileRequest(self, allowedCPUs: .allowed())
        try ReleaseBuild.ensure()
        let symbolizer = try SamplingTools.find()
        let directory = try ResultsDirectory.create(at: measurement.output)
        let session = ProfileSession(request: request, directory: directory, symbolizer: symbolizer)
        return try Blocking.run { try await session.run() }
    }

    private func runSelfTest() throws -> ExitStatus {
        let request = try SelfTestRequest(self, allowedCPUs: .allowed())
        try ReleaseBuild.ensure()
        let session = SelfTestSession(request: request, symbolizer: try SamplingTools.find())
        return try Blocking.run { try await session.run() }
    }
}

extension ProfileCommand {
    /// The frequency, checked.
    func checkedFrequency() throws -> Int { try UsageError.whole("--frequency", frequency, in: 1...4_000) }

    /// The duration, checked; nil if not given.
    func checkedDuration() throws -> Int? { try UsageError.whole("--duration", duration, in: 1...3_600) }
}
