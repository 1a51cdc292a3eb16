// SPDX-License-Identifier: Apache-2.0

/// The workloads of a kind of load, as the page shows them.
struct KindView {
    /// The kind; nil for the workloads that belong to none.
    let load: LoadKind?
    /// The name that links lead to.
    let anchor: String
    /// The heading.
    let heading: String
    /// What the kind tells about a scheduler; nil for the workloads that belong to none.
    let summary: String?
    /// The workloads.
    let workloads: [WorkloadView]

    /// Groups workloads by their kind, in the order of the first screen; those without one come last.
    static func all(_ screens: [WorkloadScreen], _ plots: [Plot], _ anchors: inout Anchors) -> [KindView] {
        let byKind = Dictionary(grouping: screens, by: \.load)
        let kinds: [LoadKind?] = LoadKind.allCases + [nil]
        return kinds.compactMap { kind in
            guard let own = byKind[kind] else { return nil }
            return KindView(
                load: kind,
                anchor: anchors.anchor("load", kind?.title ?? "other"),
                heading: (kind?.title ?? "other workloads").capitalizedFirst,
                summary: kind?.summary,
                workloads: own.map { screen in
                    WorkloadView(screen, plots.filter { $0.workload == screen.label }, &anchors)
                }
            )
        }
    }
}
