// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Backends

/// The option of the subcommands that run on a single backend.
struct BackendOption: ParsableArguments {
    static let defaultBackend = Backend.epoll

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The backend. (default: \(defaultBackend.rawValue))", valueName: "B")
    )
    var backend: String?

    /// The name of the backend, given or not.
    var name: String { backend ?? Self.defaultBackend.rawValue }
}
