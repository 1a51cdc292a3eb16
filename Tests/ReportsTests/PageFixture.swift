// SPDX-License-Identifier: Apache-2.0

import Measurement

@testable import Reports

/// The screens and plots of a page.
enum PageFixture {
    static let screen = FirstScreen(
        caption: "Some CPU, 2026-01-02",
        warnings: ["The machine was busy."],
        lines: [
            FirstScreen.Line(
                load: .switching,
                best: "hard (any scheduler)",
                next: "1.25x",
                worst: "201x",
                sentence: "A yield takes 15.2 ns hard, counted by `yield`."
            ),
            FirstScreen.Line(load: .memory, best: "epoll soft", sentence: "A parked tasklet takes 1.15 KiB."),
        ],
        notes: ["One note.", "Another note."]
    )

    static let workloads = [
        workload("yield", load: .switching), workload("a=1", load: nil), workload("a 1", load: nil),
    ]

    static let plots = [
        plot("ratio-yield", of: "yield"), plot("processes-yield", of: "yield"), plot("drift", of: nil),
        plot("orphan", of: "a workload without a screen"),
    ]

    static func page(
        _ report: RunReport = ReportFixture.report,
        _ screen: FirstScreen = screen,
        _ workloads: [WorkloadScreen] = workloads,
        _ plots: [Plot] = plots
    ) throws -> String {
        try HTMLReport.text(report, nil, screen, nil, workloads, plots)
    }

    static func workload(_ label: String, load: LoadKind?) -> WorkloadScreen {
        WorkloadScreen(
            label: label,
            workload: "yield",
            load: load,
            parameters: "tasklets=100;yields=500",
            metric: "switch",
            unit: "ns",
            rows: [row("epoll hard", 13.8123, 1), row("nio hard", 13.9, 1.01), failed],
            causes: ["It leaves the processor by `yield`."],
            blindness: ["Differences below 7 % would not show."]
        )
    }

    private static func row(_ name: String, _ value: Double, _ factor: Double) -> WorkloadScreen.Row {
        WorkloadScreen.Row(
            scheduler: name,
            value: value,
            interval: [13, 15],
            figure: Figure.readable(value, unit: "ns"),
            factor: factor,
            factorInterval: [0.9, 1.1],
            couldBeBest: true,
            switches: 2,
            systemCalls: 0.5,
            remark: "limited by <nothing>"
        )
    }

    private static let failed = WorkloadScreen.Row(
        scheduler: "dispatch soft",
        figure: "FAILED",
        couldBeBest: false,
        remark: ""
    )

    private static func plot(_ name: String, of workload: String?) -> Plot {
        Plot(
            name: name,
            title: "The \(name)",
            description: "What \(name) shows, in words.",
            workload: workload,
            svg: "<svg viewBox=\"0 0 10 10\"><title>\(name) picture</title></svg>"
        )
    }
}
