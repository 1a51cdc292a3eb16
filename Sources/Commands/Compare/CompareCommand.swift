// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Harness

/// `bench compare`: says what changed from one run to another.
struct CompareCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compares two runs, and says what is better or worse.",
        discussion: """
            Reads results.csv and samples.csv in both results directories, and environment.json to warn of different \
            machines. Prints the metrics that are better or worse, the cells that cannot be compared, and the first \
            metric of every cell; the last line counts all rows. The ratio is that of NEW to OLD, from the values of \
            the processes. "better" and "worse" mean: the ratio is further from 1 than the threshold, and the \
            difference is significant at 5 % after Holm's correction for all cells of the workload. "no difference" \
            means: the 95 % interval lies within the threshold. Times and rates of a cell are not comparable where \
            only one of the runs has its time at full speed.

            The machine may be slower in one of the runs. The column "yardstick" says how many times as long the \
            yardsticks took in NEW: fixed work before and after every turn that the values come from. Of a time or a \
            rate, the 95 % interval covers the ratio at equal speeds, whether all of that acts on it, a part or \
            nothing; "better" and "worse" hold for all of it and for nothing.

            The default threshold is 3 %, where 'bench run' takes 1 % for two schedulers: those take turns in one run \
            and meet the same phases of the machine, while two runs at different times differ by more.

            The exit status is 3 if a metric is worse, and otherwise 0.

            Example: bench compare Results/before Results/after --threshold 5
            """
    )

    @Argument(help: ArgumentHelp("The results directory that is compared with.", valueName: "OLD"))
    var old: String

    @Argument(help: ArgumentHelp("The results directory that is judged.", valueName: "NEW"))
    var new: String

    /// In percent; more than the 1 % of `Verdict`, for the reason that the discussion above gives.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The difference in percent up to which nothing is better or worse.", valueName: "PCT")
    )
    var threshold = "3"

    func execute() -> ExitStatus {
        attempt("the comparison") {
            try CompareSession(old: old, new: new, threshold: Self.ratio(threshold)).run()
        }
    }

    /// The ratio that a threshold in percent stands for.
    private static func ratio(_ text: String) throws -> Double {
        guard let percent = Double(text), (0.1...1_000).contains(percent) else {
            throw UsageError.invalid("--threshold", text, expected: "a percentage from 0.1 to 1000")
        }
        return 1 + percent / 100
    }
}
