// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import HTTP

/// The limits of the server that `bench serve` runs, unchecked.
///
/// Each is an option of ``HTTPServerOptions``, which has the defaults.
struct ServerLimits: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The limit of concurrent connections; beyond it, the one idle longest is closed for the next.",
            valueName: "N"
        )
    )
    var connections = "\(HTTPServerOptions().connections)"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The limit of connections from one address. (default: no limit)", valueName: "N")
    )
    var connectionsPerAddress: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long a connection may stay idle between two requests.", valueName: "SECONDS")
    )
    var idleTimeout = text(HTTPServerOptions().idleTimeout)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long a request's head may take to arrive.", valueName: "SECONDS")
    )
    var headTimeout = text(HTTPServerOptions().headTimeout)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long to wait for a request's body in total.", valueName: "SECONDS")
    )
    var bodyTimeout = text(HTTPServerOptions().bodyTimeout)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long to wait for the next part of a body, either way.", valueName: "SECONDS")
    )
    var progressTimeout = text(HTTPServerOptions().progressTimeout)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The minimum rate of bodies both ways, in bytes a second; 0 for none.", valueName: "N")
    )
    var minimumRate = "\(HTTPServerOptions().minimumRate)"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long requests in progress may take once the server stops.", valueName: "SECONDS")
    )
    var grace = text(HTTPServerOptions().grace)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The maximum size of a request's body, in bytes.", valueName: "N")
    )
    var bodyLimit = "\(HTTPServerOptions().bodyLimit)"

    /// Seconds, as they are written on the command line; the defaults are whole ones.
    private static func text(_ duration: Duration) -> String { "\(duration.components.seconds)" }
}
