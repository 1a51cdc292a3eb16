// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import Glibc
import Harness

/// The root of the command line.
package struct Bench: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Compares scheduling strategies for tasklets.",
        subcommands: [
            RunCommand.self, ReportCommand.self, CompareCommand.self, ListCommand.self, ProfileCommand.self,
            ServeCommand.self, DoctorCommand.self, TurnsCommand.self, TrialCommand.self, LoadCommand.self,
            CalibrateCommand.self,
            SampledTrialCommand.self, TracedTrialCommand.self, PeerCommand.self, WireVersionCommand.self,
        ],
        defaultSubcommand: RunCommand.self
    )

    /// Creates a command without arguments, for the parser.
    package init() {}

    /// Does what the command line says, and exits with a documented status.
    ///
    /// Synchronous, because a trial pins the process's first thread before any other thread exists.
    package static func main() -> Never {
        do {
            var command = try parseAsRoot(OptionalValues.filled(Array(CommandLine.arguments.dropFirst())))
            if let command = command as? any ExitingCommand { Glibc.exit(command.execute().rawValue) }
            // The parser's own help command, which throws the help of the requested command.
            try command.run()
            exit(parserOutcome: CleanExit.helpRequest())
        } catch {
            exit(parserOutcome: error)
        }
    }

    /// Prints help to standard output, and a usage error to standard error.
    private static func exit(parserOutcome error: any Error) -> Never {
        let isHelp = exitCode(for: error).isSuccess
        if isHelp {
            Console.print(fullMessage(for: error))
        } else {
            let sentence = message(for: error)
            Console.error(sentence.hasSuffix("?") ? sentence : "\(sentence); see 'bench --help'")
        }
        Glibc.exit((isHelp ? ExitStatus.success : .usage).rawValue)
    }
}
