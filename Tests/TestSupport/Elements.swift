// SPDX-License-Identifier: Apache-2.0

/// An element of several words, which owns memory.
package struct LargeElement: Sendable, Equatable {
    private var words = (1, 2, 3, 4, 5)
    private var text = "a string that is too long to be stored inline"

    package init() {}

    package static func == (left: Self, right: Self) -> Bool { left.words == right.words && left.text == right.text }
}

/// An element that holds an object, and is too large for the words that a waiting tasklet has for it.
package struct BulkyElement: Sendable {
    package var object: Tracked
    private var filling = (0, 0, 0, 0)

    package init(object: Tracked) { self.object = object }
}
