// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Harness
import Reports

/// `bench list`: the catalogue.
struct ListCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists workloads, their parameters, backends and switchings.",
        discussion: """
            The workloads come by the kind of load that they stand for, with what that tells about a scheduler.

            Example: bench list --format json
            """
    )

    @Option(parsing: .unconditional, help: ArgumentHelp("The format: text or json.", valueName: "FORMAT"))
    var format = "text"

    func execute() -> ExitStatus {
        attempt("the list") {
            switch format {
            case "text": Console.print(Catalogue.current.text)
            case "json": Console.print(try JSONText.page(Catalogue.current))
            default: throw UsageError.unknown("format", format, known: ["text", "json"])
            }
            return .success
        }
    }
}
