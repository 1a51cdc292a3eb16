// SPDX-License-Identifier: Apache-2.0

/// The colours of a comparison, from blue for less to orange for more: colour-blind readers can tell them apart.
enum DifferenceScale {
    /// The steps from "gone" to "new", then the grey for differences that are not certain.
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

    /// The index of a change's step.
    ///
    /// The ratio decides, so that the steps up and down are symmetric. Small steps show, too: the grey marks the ones that
    /// may be chance.
    static func step(from before: Double, to after: Double) -> Int {
        let (smaller, larger) = (min(before, after), max(before, after))
        guard larger > 0, larger.isFinite else { return unchanged }
        let size = smaller > 0 ? limits.count { larger / smaller >= $0 } : limits.count + 1
        return after > before ? unchanged + size : unchanged - size
    }

    /// The ratios at which steps begin.
    private static let limits = [1.03, 1.15, 2]

    /// The index of the step in the middle.
    private static let unchanged = limits.count + 1
}
