// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How this executable was built.
enum Build {
    /// Whether it was built without optimization.
    static var isDebug: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }

    /// As the environment record has it.
    static var mode: String { isDebug ? "debug" : "release" }

    /// Set by the tests of the harness alone: trials may run in a debug build, and all their rows say so; and `bench
    /// serve` serves in the build that the tests are of.
    static let testVariable = "SWITCHYARD_DEBUG_TRIALS"

    /// Whether trials may run here at all.
    static var mayRunTrials: Bool { !isDebug || getenv(testVariable) != nil }
}
