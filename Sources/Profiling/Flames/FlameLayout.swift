// SPDX-License-Identifier: Apache-2.0

import Measurement
internal import Reports

/// The boxes of a flame graph, laid out.
struct FlameLayout {
    /// The place of a frame; lengths are shares of the total width.
    struct Box: Equatable {
        let node: Int
        let x: Double
        let width: Double
    }

    /// The boxes, callers before callees.
    private(set) var boxes: [Box] = []
    /// The number of frames too narrow to draw, those without any width excluded.
    private(set) var omitted = 0
    /// The share of the total width that those frames have.
    private(set) var omittedShare = 0.0
    /// The number of rows.
    private(set) var rows = 0

    /// Lays a tree out by its totals.
    init(_ tree: CallTree, totals: [Double], narrowest: Double) {
        let whole = totals.first ?? 0
        // The left edge of each node's next callee; nil for a node that is not drawn.
        var next = [Double?](repeating: nil, count: tree.nodes.count)
        for (index, node) in tree.nodes.enumerated() {
            let width = whole > 0 ? totals[index] / whole : index == 0 ? 1 : 0
            guard width > 0 else { continue }
            let x = node.parent.map { next[$0] } ?? 0
            if let parent = node.parent, let x { next[parent] = x + width }
            guard let x, width >= narrowest else {
                omitted += 1
                omittedShare += x == nil ? 0 : width
                continue
            }
            boxes.append(Box(node: index, x: x, width: width))
            next[index] = x
            rows = max(rows, node.depth + 1)
        }
    }

    /// A note on the frames that are not drawn, if there are any.
    func omission(narrowest: Double) -> String? {
        guard omitted > 0 else { return nil }
        let frames = omitted == 1 ? "1 frame" : "\(Figure.compact(Double(omitted))) frames"
        let share = Figure.percent(omittedShare, of: 1)
        return "Not drawn: \(frames) narrower than \(narrowest * 100) %, \(share) of the total."
    }
}
