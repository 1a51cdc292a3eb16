// SPDX-License-Identifier: Apache-2.0

package import Profiling

/// The tools that profiling needs and not every machine has.
package enum SamplingTools {
    /// Finds the profiler and a symbolizer, before anything runs that needs them.
    ///
    /// - Throws: `CPUProfilerError` or `SymbolizerError` with the package to install, if one is missing.
    package static func find() throws -> Symbolizer {
        try CPUProfiler.require()
        return try Symbolizer()
    }
}
