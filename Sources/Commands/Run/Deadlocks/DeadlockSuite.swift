// SPDX-License-Identifier: Apache-2.0

import Backends
import Dispatch
import FoundationEssentials
import Harness
import Tasklets
import Workloads

/// `bench run --suite deadlocks`: runs every edge case of waiting for a callback, in every style, on every scheduler.
///
/// Nothing is measured, and no time limit decides an outcome: schedulers find deadlocks by themselves. The one here is
/// for a program that hangs nevertheless, which would be a bug; it is left behind, on its thread.
struct DeadlockSuite {
    /// Without swift-concurrency, which refuses what the cases are about.
    let variants: [SchedulerVariant]
    /// Whether one that was asked for is left out.
    let isLackingOne: Bool
    /// Where the report goes besides standard output.
    let output: String?

    private static let refusal =
        "swift-concurrency refuses to wait in synchronous code, such as callbacks, which the cases are about"

    /// Seconds after which a program counts as hanging: thousands of times what it takes.
    private static let limit = 60

    /// - Throws: ``UsageError`` for an argument that it has no use for, or unknown names.
    init(_ arguments: RunArguments) throws {
        try arguments.checkNothingBesideDeadlocks()
        let chosen = try SchedulerVariant.list(
            backends: arguments.backends,
            switchings: arguments.switchings.switching
        )
        variants = chosen.filter { $0.backend != .swiftConcurrency }
        isLackingOne = variants.count < chosen.count
        guard !variants.isEmpty else { throw UsageError("the suite has no case to run: \(Self.refusal)") }
        output = arguments.measurement.output
    }

    /// Prints the matrix, and writes it.
    ///
    /// - Throws: ``UsageError`` where the report cannot be written.
    func run() throws -> ExitStatus {
        let matrix = matrix()
        Console.print(matrix.markdown)
        if let output { try write(matrix.markdown, to: output) }
        return matrix.surprises.isEmpty ? .success : .trialFailed
    }

    private func matrix() -> DeadlockMatrix {
        var matrix = DeadlockMatrix(schedulers: variants.map(\.name), remark: isLackingOne ? Self.refusal : nil)
        for edgeCase in DeadlockCase.allCases {
            for style in WaitStyle.allCases { matrix.rows.append(row(edgeCase, style)) }
        }
        return matrix
    }

    private func row(_ edgeCase: DeadlockCase, _ style: WaitStyle) -> DeadlockMatrix.Row {
        DeadlockMatrix.Row(
            identifier: edgeCase.rawValue,
            sentence: edgeCase.sentence,
            style: style.rawValue,
            cells: variants.map { cell(edgeCase, style, $0) }
        )
    }

    private func cell(
        _ edgeCase: DeadlockCase,
        _ style: WaitStyle,
        _ variant: SchedulerVariant
    ) -> DeadlockMatrix.Cell {
        let expectation = edgeCase.expectation(style, hasReactor: variant.backend != .threadPerTask)
        guard let outcome = outcome(edgeCase, style, variant) else {
            return DeadlockMatrix.Cell(word: "hangs", surprise: "it hangs, and \(expectation) was expected")
        }
        let isExpected = expectation.matches(outcome)
        let surprise = "\(Console.oneLine("\(outcome)")), and \(expectation) was expected"
        return DeadlockMatrix.Cell(word: outcome.word, surprise: isExpected ? nil : surprise)
    }

    /// Runs a program on a thread of its own; nil where it hangs.
    private func outcome(
        _ edgeCase: DeadlockCase,
        _ style: WaitStyle,
        _ variant: SchedulerVariant
    ) -> DeadlockOutcome? {
        let place = Guarded<DeadlockOutcome?>(nil)
        let hasEnded = DispatchSemaphore(value: 0)
        let failure = DetachedThread.start {
            let outcome = variant.outcome(edgeCase, style)
            place.withLock { $0 = outcome }
            hasEnded.signal()
        }
        if let failure { return .error("\(SchedulerError.failed("starting a thread", errno: failure))") }
        guard hasEnded.wait(timeout: .now() + .seconds(Self.limit)) == .success else { return nil }
        return place.withLock { $0 }
    }

    private func write(_ text: String, to folder: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: folder).appending(path: "deadlocks.md"))
        } catch {
            throw UsageError("cannot write '\(folder)/deadlocks.md': \(error)")
        }
    }
}

extension SchedulerVariant {
    fileprivate func outcome(_ edgeCase: DeadlockCase, _ style: WaitStyle) -> DeadlockOutcome {
        do {
            let scheduler = try backend.makeScheduler(SchedulerOptions(switching: switching))
            return edgeCase.outcome(style, on: scheduler)
        } catch { return .error("\(error)") }
    }
}

extension DeadlockOutcome {
    /// What the table says.
    fileprivate var word: String {
        switch self {
        case .value: "value"
        case .error: "error"
        case .deadlock: "deadlock, named"
        case .unsupported: "no reactor"
        }
    }
}
