// SPDX-License-Identifier: Apache-2.0

/// How a scheduler looks in every plot: the backend decides the colour and the marker, the switching the dashes.
///
/// So readers who see no colours can still tell the lines apart. The hues are those of Okabe and Ito, of which the
/// yellow ones are darker here, and all are lighter in the dark.
enum Palette {
    /// The colours on white.
    static let light = [
        "#0072b2", "#c94f00", "#008f68", "#b0569a", "#b98500", "#4d4d4d", "#2b9fd9", "#7a5c00", "#a02c44",
    ]
    /// The same on black.
    static let dark = [
        "#58b0ee", "#ff8a4c", "#2fc99c", "#e59ad0", "#f2c14a", "#c9ccd1", "#8fd5ff", "#cfb25a", "#f08098",
    ]

    /// The index of a backend's colour, and of its marker; a name that is not known here gets one of the last.
    static func index(_ backend: String) -> Int {
        let known = ["epoll", "round-robin", "dispatch", "thread-per-task", "nio", "swift-concurrency", "io-uring"]
        let spare = light.count - known.count
        return known.firstIndex(of: backend) ?? known.count + backend.utf8.reduce(0) { ($0 + Int($1)) % spare }
    }

    /// The lengths of strokes and gaps of a scheduler's line; none for a solid one.
    static func dash(_ scheduler: PlottedScheduler) -> [Int] {
        let own = dash(scheduler.switching)
        guard let workers = scheduler.workers else { return own }
        return [3, 3, 6 + 3 * min(max(workers, 1), 16), 3] + own
    }

    private static func dash(_ switching: String) -> [Int] {
        switch switching {
        case "soft", "kernel": []
        case "hard": [7, 4]
        case "slice": [7, 4, 2, 4]
        default: [2, 3]
        }
    }
}
