// SPDX-License-Identifier: Apache-2.0

/// A call stack with its count.
package struct FoldedStack: Sendable, Equatable {
    /// The names of the frames, the root first.
    package var frames: [String]
    /// Samples or time; the unit travels separately.
    package var count: Double

    /// Creates a stack.
    package init(frames: [String], count: Double) {
        self.frames = frames
        self.count = count
    }
}
