// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Measurement
import Reports

/// `bench trial`: one trial in this process.
///
/// Used by `bench run` alone.
struct TrialCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial",
        abstract: "Runs one trial in this process.",
        shouldDisplay: false
    )

    @Argument(help: "The trial, as JSON.")
    var trial: String

    func execute() -> ExitStatus {
        do {
            let trial = try TrialOrder.read(Trial.self, from: trial, of: "trial", madeBy: "bench run")
            TrialOrder.limit(trial)
            Output.print(try JSONText.line(TrialProcess(trial).run()))
            return .success
        } catch {
            Output.complain("\(error)")
            return .usage
        }
    }
}

/// What hidden subcommands are ordered to do.
enum TrialOrder {
    /// Reads an order, in a build that may measure.
    ///
    /// Throws a ``UsageError`` in another one, and where the text is none.
    static func read<Order: Decodable>(
        _ type: Order.Type,
        from text: String,
        of command: String,
        madeBy parent: String
    ) throws -> Order {
        guard Build.mayRunTrials else { throw UsageError("a debug build does not measure") }
        guard let order = try? JSONText.value(type, from: text) else {
            throw UsageError("the argument of '\(command)' is not a trial as JSON, as '\(parent)' makes it")
        }
        return order
    }

    /// Ends this process some time after the trial's limit: should the parent die, nobody else would end one that hangs.
    static func limit(_ trial: Trial) { alarm(UInt32(max(1, min(trial.timeLimit + 5, 1e6)))) }
}

/// `bench calibrate`: the machine's primitives, in a process that may be pinned.
///
/// Used by `bench run` alone.
struct CalibrateCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Measures the machine's primitives.",
        shouldDisplay: false
    )

    @Argument(help: "The CPU to measure on.")
    var cpu: Int

    @Argument(help: "Another CPU, for what needs two.")
    var otherCPU: Int?

    func execute() -> ExitStatus {
        do {
            // The last one that is tried is the one to measure on.
            for number in [otherCPU, cpu].compactMap(\.self) {
                guard let cpus = CPUSet(list: "\(number)"), cpus.pinCurrentThread() else {
                    throw UsageError("this process cannot be pinned to CPU \(number)")
                }
            }
            let own: [() -> Calibration.Item] = [{ BareSwap.measure() }, { BareTask.measure() }]
            Output.print(try JSONText.line(Calibration.measure(cpu: cpu, otherCPU: otherCPU, extra: own)))
            return .success
        } catch {
            Output.complain("\(error)")
            return .usage
        }
    }
}
