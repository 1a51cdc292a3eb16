// SPDX-License-Identifier: Apache-2.0

/// The build that the tests are part of.
package enum Build {
    /// Whether the libraries that are tested are optimized.
    #if DEBUG
        package static let isOptimized = false
    #else
        package static let isOptimized = true
    #endif
}
