// SPDX-License-Identifier: Apache-2.0

import Measurement

/// How to read a report.
enum ReadingSection {
    /// The section, in Markdown.
    static let text = "## How to read this\n\n" + items.map { "- \($0)\n" }.joined()

    /// Its paragraphs, with names in backticks.
    static let items = [
        """
        Every process is a fresh draw of the memory layout, and measures one cell in turns of a few milliseconds. \
        The figure of a process is the mean of its turns at full speed: those whose yardsticks, 50 µs of fixed work just \
        before and after, took at most a tenth longer than the fastest twentieth of all yardsticks of the run. "full \
        speed" is the share of such turns. `memory-per-tasklet` comes from a single run of a process that has not warmed \
        up.
        """,
        """
        A row's figure is the mean over the processes, geometric where the metric has a better direction, and without \
        an eighth of the processes at each end. The ratio compares two such means; its interval covers the true ratio in \
        95 % of runs (Student's, of the differences of the logarithms within each round). It needs three rounds. Where \
        rounds follow until the scatter looks small enough, intervals are made for 97.5 %: stopping then costs the rest.
        """,
        """
        "different" means: with a probability of 95 % not one of the differences of a workload that the report calls \
        so is due to chance (Holm's correction). "no difference": the interval lies within 1 % of 1. "cannot tell": \
        neither; "finds" is the smallest difference that would have been seen in nine of ten such runs.
        """,
        """
        "below resolution" stands beside a time of less than \(Figure.compact(Resolution.factor)) times what measuring \
        it costs, by the calibration: a wait, or a whole run of a workload with all its operations, of less than \
        \(Figure.compact(Resolution.factor)) times a clock read and an empty loop. `arm-cancel` is the difference of two \
        loops, and the clock is read outside them: there it is \(Figure.compact(Resolution.factor)) times an empty loop. A \
        comparison with such a figure has this verdict, too, and no other.
        """,
        """
        A run of a workload takes two time stamps, not two per operation, except where wait times are measured. Nothing \
        is subtracted from the figures, and every turn is in `trials.jsonl`, with the mean over everything.
        """,
        """
        The loads are closed loops, in which a client sends its next request after the reply, except those of \
        `fan-out-http` and of the hogs: open loops, in which each request has a scheduled start. The load generator is a \
        process of its own, an epoll scheduler for all rows, on another core if there is one. `cpu-time`, which is \
        `server-cpu-time` in the table of results, and all counts are those of the measured process alone. Where the \
        generator was busy for nine tenths of the time or more, it may be what limits the row, and the row says so.
        """,
        """
        `syscalls` counts the scheduler's own system calls, not those of Dispatch, nor the polls of the epoll instance \
        that all `dispatch` schedulers share. Those of `nio`, which SwiftNIO makes, are counted in the counting trial, as \
        calls of libc's wrappers: a wait for a lock inside libc is not among them. An empty cell of a count means that \
        nothing of that kind was counted.
        """,
        """
        A counting trial is one more process of each cell, after the first round, with counters on, which cost time: \
        nothing of it is timed. `allocations` and `allocated-bytes` are requests for memory (malloc, calloc, realloc and \
        the like) and what they ask for, of the whole process, by the objects that are loaded when it starts. \
        `run-queue-wait` is how long the process's threads were ready to run and did not. `instructions`, `cycles`, \
        `cache-misses` and `branch-misses` are the processor's counts, where it has counters; 'bench doctor' says whether \
        they include the kernel.
        """,
        """
        Raw data: `samples.csv` has every process, `trials.jsonl` every turn, and `histograms/` the merged distributions \
        of wait times.
        """,
    ]
}
