// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Harness
import Measurement

/// `bench run`: measures, and writes a results directory.
struct RunCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Measures workloads under several schedulers and writes a report.",
        discussion: """
            Without arguments, runs the standard suite, which takes three minutes on two cores. Prints which scheduler \
            suits which kind of load, and, of up to three workloads, how they rank; the report has everything.

            Example: bench run --load messages,switching --backends epoll,nio --quick
            """
    )

    @OptionGroup var arguments: RunArguments

    func execute() -> ExitStatus {
        attempt("the run") {
            try DescriptorLimit.check()
            if let path = arguments.resume { return try resume(path) }
            if arguments.suite == Suite.nameOfDeadlocks { return try DeadlockSuite(arguments).run() }
            let request = try RunRequest(arguments, allowedCPUs: .allowed())
            try ReleaseBuild.ensure()
            let symbolizer = try request.sampling.map { _ in try SamplingTools.find() }
            let directory = try ResultsDirectory.create(at: arguments.measurement.output)
            let session = RunSession(request: request, directory: directory, symbolizer: symbolizer)
            return try session.run()
        }
    }

    private func resume(_ path: String) throws -> ExitStatus {
        try arguments.checkNothingBesideResume()
        try ReleaseBuild.ensure()
        return try RunSession(resuming: ResultsDirectory.open(path)).run()
    }
}
