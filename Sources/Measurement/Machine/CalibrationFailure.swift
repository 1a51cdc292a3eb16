// SPDX-License-Identifier: Apache-2.0

/// Why the machine's primitives could not be measured.
package struct CalibrationFailure: Error, Equatable, CustomStringConvertible {
    package let description: String

    /// Creates a failure with its reason.
    package init(_ description: String) { self.description = description }
}
