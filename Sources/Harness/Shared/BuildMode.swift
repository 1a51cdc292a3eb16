// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The build configuration of this executable.
package enum BuildMode {
    /// Whether this is a debug build, without optimization.
    package static var isDebug: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }

    /// The name in the environment record.
    package static var name: String { isDebug ? "debug" : "release" }

    /// Whether this process may run trials: in a release build, or in a test of the harness.
    ///
    /// With the variable, a debug build runs trials whose rows are all marked as debug, and `bench serve` serves from
    /// the build under test.
    package static var mayRunTrials: Bool { !isDebug || getenv("SWITCHYARD_DEBUG_TRIALS") != nil }
}
