// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
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

    @Option(parsing: .unconditional, help: ArgumentHelp("The scheduler; epoll without.", valueName: "B"))
    var backend: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("How tasklets leave the processor.", valueName: "S"))
    var switching: String?

    @OptionGroup var common: CommonArguments

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

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Compares two: each a backend, a switching, or BACKEND/SWITCHING. Says what makes B slower than A.",
            valueName: "A B"
        )
    )
    var diff: [String] = []

    @Flag(help: "Profiles tasklets whose shares are known instead, on every scheduler, and says how wrong it is.")
    var selfTest = false

    func execute() -> ExitStatus {
        attempt("the profile") {
            try DescriptorLimit.ensure()
            if selfTest {
                let test = try ProfileSelfTest(self, allowedCPUs: .allowed())
                try ReleaseBuild.ensure()
                let symbolizer = try ProfileTools.find()
                return try Blocking.run { try await test.run(symbolizer) }
            }
            let request = try ProfileRequest(self, allowedCPUs: .allowed())
            try ReleaseBuild.ensure()
            let symbolizer = try ProfileTools.find()
            let directory = try ResultsDirectory.create(at: common.output)
            let session = ProfileSession(request: request, directory: directory, symbolizer: symbolizer)
            return try Blocking.run { try await session.run() }
        }
    }
}
