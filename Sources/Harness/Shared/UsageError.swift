// SPDX-License-Identifier: Apache-2.0

/// A mistake in how `bench` was called: one sentence that names the value and what is allowed.
package struct UsageError: Error, Equatable, CustomStringConvertible {
    package let description: String

    /// Creates an error from its sentence.
    package init(_ description: String) { self.description = description }
}
