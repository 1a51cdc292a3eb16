// SPDX-License-Identifier: Apache-2.0

/// Why addresses cannot be turned into names.
package enum SymbolizerError: Error, Equatable, CustomStringConvertible {
    /// There is no `llvm-symbolizer`.
    case noSymbolizer
    /// There is no `swift-demangle`.
    case noDemangler
    /// One of the two could not be run or gave no answer.
    case failed(program: String, reason: String)

    /// A sentence without its full stop.
    package var description: String {
        switch self {
        case .noSymbolizer:
            "'llvm-symbolizer' is missing: put the 'usr/bin' directory of the Swift toolchain, which has it, into PATH,"
                + " or install it (Debian, Ubuntu: apt-get install llvm)"
        case .noDemangler:
            "'swift-demangle' is missing: put the 'usr/bin' directory of the Swift toolchain, which has it, into PATH"
        case .failed(let program, let reason):
            "'\(program)' gave no names: \(reason); see whether it runs by itself, with '\(program) --version'"
        }
    }
}
