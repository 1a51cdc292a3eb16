// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Harness

/// The entry point: parses the command line and exits with a documented status.
///
/// Synchronous, because a trial pins the process's first thread before any other thread exists.
@main
enum Main {
    static func main() {
        do {
            var command = try Bench.parseAsRoot()
            if let command = command as? any ExitingCommand { Glibc.exit(command.execute().rawValue) }
            // The parser's own help command, which throws the help of the requested command.
            try command.run()
            exit(parserOutcome: CleanExit.helpRequest())
        } catch {
            exit(parserOutcome: error)
        }
    }

    /// Prints help to standard output, and a usage error to standard error.
    private static func exit(parserOutcome error: any Error) {
        let isHelp = Bench.exitCode(for: error).isSuccess
        if isHelp {
            Console.print(Bench.fullMessage(for: error))
        } else {
            let sentence = Bench.message(for: error)
            Console.error(sentence.hasSuffix("?") ? sentence : "\(sentence); see 'bench --help'")
        }
        Glibc.exit((isHelp ? ExitStatus.success : .usage).rawValue)
    }
}

/// The root of the command line.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Compares scheduling strategies for tasklets.",
        subcommands: [
            RunCommand.self, ReportCommand.self, CompareCommand.self, ListCommand.self, ProfileCommand.self,
            ServeCommand.self, DoctorCommand.self, TurnsCommand.self, TrialCommand.self, LoadCommand.self,
            CalibrateCommand.self,
            SampledTrialCommand.self, WireVersionCommand.self,
        ],
        defaultSubcommand: RunCommand.self
    )
}
