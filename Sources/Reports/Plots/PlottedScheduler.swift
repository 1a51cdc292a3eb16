// SPDX-License-Identifier: Apache-2.0

import Measurement

/// A scheduler as plots name and draw it.
struct PlottedScheduler: Hashable {
    /// The backend's name.
    let backend: String
    /// The switching's name.
    let switching: String
    /// How many processors may run its tasklets; nil for one.
    let workers: Int?
    /// Its name, such as `dispatch ×2 soft`.
    let label: String
    /// Whether it ran in the other of two builds.
    let isOtherBuild: Bool

    /// The scheduler of a cell.
    init(_ cell: Cell) {
        backend = cell.backend
        switching = cell.switching
        workers = cell.workers
        isOtherBuild = cell.build != nil
        label = "\(cell.scheduler) \(cell.switching)" + (isOtherBuild ? ", \(Wording.build(cell.build))" : "")
    }

    /// The class of its colour.
    var style: String { "swy-\(Palette.index(backend))" }

    /// Draws its marker: hollow in the other of two builds.
    func mark(_ place: Point, on canvas: inout Canvas) {
        let shape = Self.shapes[Palette.index(backend) % Self.shapes.count]
        let style = isOtherBuild ? "swy-open" : "swy-fill"
        guard !shape.isEmpty else { return canvas.circle(at: place, radius: 3.6, style: style) }
        let outline = shape.map { Point(x: place.x + $0, y: place.y + $1) }
        canvas.path([outline + outline.prefix(1)], style: style)
    }

    /// Outlines around the origin; the empty one is a circle.
    private static let shapes: [[(Double, Double)]] = [
        [], [(-3.4, -3.4), (3.4, -3.4), (3.4, 3.4), (-3.4, 3.4)], [(0, -4.5), (4.3, 3.4), (-4.3, 3.4)],
        [(0, -5), (4.4, 0), (0, 5), (-4.4, 0)], [(-4.3, -3.4), (4.3, -3.4), (0, 4.5)],
        [(-5, -2), (5, -2), (5, 2), (-5, 2)], [(-2, -5), (2, -5), (2, 5), (-2, 5)],
        [(0, -5), (1.6, -1.6), (5, 0), (1.6, 1.6), (0, 5), (-1.6, 1.6), (-5, 0), (-1.6, -1.6)],
    ]
}
