// SPDX-License-Identifier: Apache-2.0

import Harness

extension RunArguments {
    /// A resumed run keeps its plan.
    ///
    /// - Throws: ``UsageError`` for the first argument that would change the plan.
    func checkNothingBesideResume() throws {
        let given: [(String, Bool)] = [
            (workloads.first.map { "'\($0)'" } ?? "", !workloads.isEmpty), ("--backends", backends != nil),
            ("--switching", switchings.switching != nil), ("--workers", workers != nil),
            ("--set", !measurement.settings.isEmpty), ("--cpus", measurement.cpus != nil),
            ("--output", measurement.output != nil), ("--rounds", rounds != nil), ("--quick", quick),
            ("--seed", seed != nil), ("--baseline", baseline != nil), ("--time-limit", timeLimit != nil),
            ("--against", against != nil), ("--planted", planted != nil), ("--profile", profile),
            ("--load", load != nil), ("--suite", suite != nil),
            ("--no-plots", noPlots), ("--peers", peers != nil),
        ]
        guard let (name, _) = given.first(where: \.1) else { return }
        throw UsageError("\(name) cannot be combined with --resume, which goes on with the plan of the interrupted run")
    }
}
