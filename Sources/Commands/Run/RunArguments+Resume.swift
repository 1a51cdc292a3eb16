// SPDX-License-Identifier: Apache-2.0

import Harness

extension RunArguments {
    /// A resumed run keeps its plan.
    ///
    /// - Throws: ``UsageError`` for the first argument that would change the plan.
    func checkNothingBesideResume() throws {
        guard let name = given().first else { return }
        throw UsageError(
            "\(name) cannot be combined with --resume, which goes on with the plan of the interrupted run"
        )
    }

    /// Nothing is measured, so that what decides how has no meaning.
    ///
    /// - Throws: ``UsageError`` for the first argument that could only concern a measurement.
    func checkNothingBesideDeadlocks() throws {
        let allowed = ["--suite", "--backends", "--switching", "--output"]
        guard let name = given().first(where: { !allowed.contains($0) }) else { return }
        throw UsageError("\(name) cannot be combined with --suite deadlocks, which measures nothing")
    }

    /// The names of the arguments that were given, except `--resume`.
    private func given() -> [String] {
        let all: [(String, Bool)] = [
            (workloads.first.map { "'\($0)'" } ?? "", !workloads.isEmpty), ("--backends", backends != nil),
            ("--switching", switchings.switching != nil), ("--workers", workers != nil),
            ("--set", !measurement.settings.isEmpty), ("--cpus", measurement.cpus != nil),
            ("--output", measurement.output != nil), ("--rounds", rounds != nil), ("--quick", quick),
            ("--seed", seed != nil), ("--baseline", baseline != nil), ("--time-limit", timeLimit != nil),
            ("--against", against != nil), ("--planted", planted != nil), ("--profile", profile),
            ("--trace", trace),
            ("--load", load != nil), ("--suite", suite != nil),
            ("--no-plots", noPlots), ("--peers", peers != nil),
        ]
        return all.filter(\.1).map(\.0)
    }
}
