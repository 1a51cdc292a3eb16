// SPDX-License-Identifier: Apache-2.0

import Profiling

/// What profiles take that not every machine has.
enum ProfileTools {
    /// Finds them, before anything is begun that needs them.
    ///
    /// Throws where one is missing: a `CPUProfilerError` or a `SymbolizerError`, which say what to install.
    static func find() throws -> Symbolizer {
        try CPUProfiler.require()
        return try Symbolizer()
    }
}
