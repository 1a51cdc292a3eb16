// SPDX-License-Identifier: Apache-2.0

/// Why addresses cannot be symbolized.
package enum SymbolizerError: Error, Equatable, CustomStringConvertible {
    /// There is no `llvm-symbolizer`.
    case noSymbolizer
    /// There is no `swift-demangle`.
    case noDemangler
    /// One of the tools did not run, or failed.
    case failed(program: String, reason: String)

    /// A sentence without its full stop.
    package var description: String {
        switch self {
        case .noSymbolizer:
            "'llvm-symbolizer' is missing: add the 'usr/bin' directory of the Swift toolchain, which contains it, to PATH,"
                + " or install it (Debian, Ubuntu: apt-get install llvm)"
        case .noDemangler:
            "'swift-demangle' is missing: add the 'usr/bin' directory of the Swift toolchain, which contains it, to PATH"
        case .failed(let program, let reason):
            "'\(program)' failed: \(reason); check that '\(program) --version' works"
        }
    }
}
