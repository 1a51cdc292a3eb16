// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import HTTP
import Harness

/// `bench serve`: the HTTP server on a scheduler, for any client.
struct ServeCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves HTTP on a scheduler until SIGINT or SIGTERM, then prints its counters.",
        discussion: """
            Routes: / greets; /bytes/N sends N bytes; /delay/MS replies after MS milliseconds; POST /echo sends the \
            request's body back; /fan-out/N requests / from this server N times before it replies, \
            and all fan-outs together make at most \(FanOut.limit) requests at a time. /delay and /fan-out give up \
            when their client has gone, or has closed its sending side.

            When it stops, requests that have arrived at open connections are answered first.

            The backend round-robin polls every connection at every turn, and so slows down with each that is open, \
            even if it is idle: choose another one for thousands of connections.

            Example: bench serve --backend nio --port 8080
            """
    )

    @OptionGroup var backend: BackendOption

    @OptionGroup var switching: SwitchingOption

    @Option(parsing: .unconditional, help: ArgumentHelp("The port; 0 picks a free one.", valueName: "N"))
    var port = "8080"

    @Option(parsing: .unconditional, help: ArgumentHelp("The host or address to listen on.", valueName: "H"))
    var host = "127.0.0.1"

    @OptionGroup(title: "Limits") var limits: ServerLimits

    func execute() -> ExitStatus {
        attempt("the server") {
            let request = try ServeRequest(self)
            try DescriptorLimit.check()
            try ReleaseBuild.ensure()
            try request.serve()
            return .success
        }
    }
}
