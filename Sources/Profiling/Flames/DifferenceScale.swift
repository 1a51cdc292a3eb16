// SPDX-License-Identifier: Apache-2.0

/// From blue, which is less, to orange, which is more: two colours that hardly any eyes confuse.
enum DifferenceScale {
    /// The steps from "gone" to "new", and the grey of what is not certain.
    static let swatches = [
        FlameDrawing.Swatch(color: "#4a8fd0", label: "gone"),
        FlameDrawing.Swatch(color: "#78abdb", label: "÷ 2 and more"),
        FlameDrawing.Swatch(color: "#a5c7e6", label: "÷ 1.15 to 2"),
        FlameDrawing.Swatch(color: "#c6daee", label: "÷ 1.03 to 1.15"),
        FlameDrawing.Swatch(color: "#e6e2d8", label: "about equal"),
        FlameDrawing.Swatch(color: "#f9d6ae", label: "× 1.03 to 1.15"),
        FlameDrawing.Swatch(color: "#f6bb82", label: "× 1.15 to 2"),
        FlameDrawing.Swatch(color: "#f2a055", label: "× 2 and more"),
        FlameDrawing.Swatch(color: "#e87d1e", label: "new"),
        FlameDrawing.Swatch(color: "#aaaaaa", label: "not certain"),
    ]

    /// The index of the grey.
    static let muted = swatches.count - 1

    /// The index of the step that the change belongs to.
    ///
    /// What counts is how many times one is the other, so that it is the same way up and down. Small steps are there to
    /// be seen, too: whether they are chance is what the grey says.
    static func step(from before: Double, to after: Double) -> Int {
        let (smaller, larger) = (min(before, after), max(before, after))
        guard larger > 0, larger.isFinite else { return unchanged }
        let size = smaller > 0 ? limits.count { larger / smaller >= $0 } : limits.count + 1
        return after > before ? unchanged + size : unchanged - size
    }

    /// From how many times on a step begins.
    private static let limits = [1.03, 1.15, 2]

    /// The index of the step in the middle.
    private static let unchanged = limits.count + 1
}
