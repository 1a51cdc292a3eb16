// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc

/// The entry: parses the command line and turns every ending into the documented exit status.
///
/// It is synchronous because a trial has to run on the process's first thread, before any other thread exists that
/// would not be pinned.
@main
enum Main {
    static func main() {
        do {
            var command = try Bench.parseAsRoot()
            if let command = command as? any ExitingCommand { exit(command.execute().rawValue) }
            // The parser's own command for help, which knows whose help was asked for and throws it.
            try command.run()
            leave(parserOutcome: CleanExit.helpRequest())
        } catch {
            leave(parserOutcome: error)
        }
    }

    /// Help goes to standard output; everything else is a mistake in the command line.
    private static func leave(parserOutcome error: any Error) {
        let isHelp = Bench.exitCode(for: error).isSuccess
        if isHelp {
            Output.print(Bench.fullMessage(for: error))
        } else {
            let sentence = Bench.message(for: error)
            Output.complain(sentence.hasSuffix("?") ? sentence : "\(sentence); see 'bench --help'")
        }
        exit((isHelp ? ExitStatus.success : .usage).rawValue)
    }
}

/// The root of the command line.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Compares scheduling strategies for tasklets.",
        subcommands: [
            RunCommand.self, ListCommand.self, ProfileCommand.self, ServeCommand.self, TrialCommand.self,
            CalibrateCommand.self,
            ProfiledTrialCommand.self,
        ],
        defaultSubcommand: RunCommand.self
    )
}

/// A command that says how it ended.
protocol ExitingCommand {
    func execute() -> ExitStatus
}

extension ExitingCommand {
    /// Runs what a command does, and complains where that fails: of a mistake in the command line, or that the thing was
    /// given up.
    func attempt(_ thing: String, _ body: () throws -> ExitStatus) -> ExitStatus {
        do {
            return try body()
        } catch let error as UsageError {
            Output.complain("\(error)")
            return .usage
        } catch is CancellationError where Interrupt.isRequested {
            Output.complain("\(thing) was interrupted")
            return .interrupted
        } catch {
            Output.complain("\(thing) was given up: \(error)")
            return .trialFailed
        }
    }
}

/// How `bench` ends; scripts depend on the numbers.
enum ExitStatus: Int32 {
    case success = 0
    /// A trial failed; the report is written all the same.
    case trialFailed = 1
    /// The command line or the place that it names will not do.
    case usage = 2
    /// Stopped by a signal; the report of what had been measured is written.
    case interrupted = 130
}
