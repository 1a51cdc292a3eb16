// SPDX-License-Identifier: Apache-2.0

/// The heading of a flame graph.
package struct FlameCaption: Sendable, Equatable {
    /// The headline.
    package var title: String
    /// The line below it.
    package var subtitle: String
    /// The unit of the stacks' counts.
    package var unit: FlameUnit

    /// Creates a caption.
    package init(title: String, subtitle: String, unit: FlameUnit) {
        self.title = title
        self.subtitle = subtitle
        self.unit = unit
    }

    /// Creates the caption of one profile: the workload as headline, and below it the scheduler, time and samples.
    package init(
        workload: String,
        backend: String,
        switching: String,
        seconds: Double,
        samples: Int,
        unit: FlameUnit = .samples
    ) {
        let time = FlameUnit.nanoseconds.text(seconds * 1e9)
        self.init(
            title: workload,
            subtitle: [backend, switching, time, FlameUnit.samples.text(Double(samples))].joined(separator: " · "),
            unit: unit
        )
    }
}
