// SPDX-License-Identifier: Apache-2.0

/// A call stack, and how often it was seen or how long it lasted.
package struct FoldedStack: Sendable, Equatable {
    /// The names of its frames, root first.
    package var frames: [String]
    /// How much of it there was, in the unit that the caller says beside it.
    package var count: Double

    /// Creates a stack.
    package init(frames: [String], count: Double) {
        self.frames = frames
        self.count = count
    }
}
