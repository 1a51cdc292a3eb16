// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Measurement

/// `bench run`: measures and writes a results directory.
struct RunCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Measures workloads under several schedulers and writes a report.",
        discussion: "Without arguments: the standard suite, which takes under three minutes on two cores."
    )

    @OptionGroup var arguments: RunArguments

    func execute() -> ExitStatus {
        attempt("the run") {
            let request = try RunRequest(arguments, allowedCPUs: .allowed())
            try DescriptorLimit.ensure()
            try ReleaseBuild.ensure()
            let symbolizer = try request.profiles.map { _ in try ProfileTools.find() }
            let directory = try ResultsDirectory.create(at: arguments.common.output)
            let session = RunSession(request: request, directory: directory, symbolizer: symbolizer)
            return try Blocking.run { try await session.run() }
        }
    }
}

/// The arguments of `bench run` as they were typed; ``RunRequest`` gives them their meaning.
struct RunArguments: ParsableArguments {
    @Argument(help: "The workloads to run; all of them without. See 'bench list'.")
    var workloads: [String] = []

    @Option(parsing: .unconditional, help: ArgumentHelp("The schedulers to compare.", valueName: "A,B"))
    var backends: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("How tasklets leave the processor.", valueName: "S,..."))
    var switching: String?

    @OptionGroup var common: CommonArguments

    @Option(parsing: .unconditional, help: ArgumentHelp("How often everything is measured.", valueName: "N"))
    var rounds: String?

    @Flag(help: "Small parameters and few rounds: under 20 seconds for one workload.")
    var quick = false

    @Option(parsing: .unconditional, help: ArgumentHelp("Repeats the order of a former run.", valueName: "N"))
    var seed: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("What the others are compared with: a backend, or BACKEND/SWITCHING.", valueName: "B")
    )
    var baseline: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Stops a trial after so many seconds.", valueName: "S"))
    var timeLimit: String?

    @Flag(help: "Takes profiles of everything after it has been measured; see 'bench help profile'.")
    var profile = false
}
