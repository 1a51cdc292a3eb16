// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Reports

/// `bench list`: what there is to run.
struct ListCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists workloads, their parameters, backends and switchings."
    )

    @Option(parsing: .unconditional, help: ArgumentHelp("text or json.", valueName: "FORMAT"))
    var format = "text"

    func execute() -> ExitStatus {
        do {
            switch format {
            case "text": Output.print(Catalogue.current.text)
            case "json": Output.print(try JSONText.page(Catalogue.current))
            default: throw UsageError.unknown("format", format, known: ["text", "json"])
            }
            return .success
        } catch {
            Output.complain("\(error)")
            return .usage
        }
    }
}
