// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Harness

/// `bench peer`: becomes a peer's program, for `bench run`.
struct PeerCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: ChildCommand.peer.rawValue,
        abstract: "Becomes a peer's program, which dies with the thread that started this process.",
        shouldDisplay: false
    )

    @Argument(parsing: .captureForPassthrough, help: "The program and its arguments.")
    var program: [String] = []

    func execute() -> ExitStatus { attempt("the peer") { try PeerExecution.become(program) } }
}
