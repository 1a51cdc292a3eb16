// SPDX-License-Identifier: Apache-2.0

/// What disturbed a run, found from a reading before it and one after it.
///
///     let start = BusyMachine.Reading.now()
///     ...
///     let sentences = BusyMachine.sentences(from: start, to: .now())
///
/// Load and pressure are those before the run, because the run itself adds to both.
package struct BusyMachine: Sendable, Equatable {
    /// How many processors were observed.
    let cpus: Int
    /// The load per online processor in the minute before the run.
    let loadBefore: Double?
    /// The share of the ten seconds before the run in which some task waited for a processor.
    let pressureBefore: Double?
    /// The processors that other processes kept busy during the run.
    let busyByOthers: Double?
    /// The share of the processors' time that the hypervisor gave to others during the run.
    let stolen: Double?

    /// Compares two readings; what the kernel does not tell stays nil.
    package init(from start: Reading, to end: Reading) {
        let activity = CPUActivity(from: start.times, to: end.times, of: start.allowed)
        cpus = activity?.cpus ?? start.allowed.numbers.count
        loadBefore = start.load
        pressureBefore = start.pressure
        stolen = activity?.stolen
        let elapsed = end.time > start.time ? end.time - start.time : 0
        let own = end.cpuTime > start.cpuTime ? end.cpuTime - start.cpuTime : 0
        busyByOthers = activity?.busyByOthers(own: own, elapsed: elapsed)
    }

    /// What disturbed the run, as sentences for the first lines of a report; empty if nothing did.
    package static func sentences(from start: Reading, to end: Reading) -> [String] {
        BusyMachine(from: start, to: end).sentences
    }

    /// What disturbed the run, the worst first as a rule.
    package var sentences: [String] {
        [
            sentence(busyByOthers, above: OtherProcesses.limit) {
                "Other processes kept \(Decimals.text($0)) of \(cpus) \(cpus == 1 ? "CPU" : "CPUs") busy during the run."
            },
            sentence(stolen, above: StealTime.limit) {
                "The hypervisor gave \(Decimals.percent($0)) of the CPUs' time to others during the run."
            },
            sentence(loadBefore, above: LoadAverage.limit) {
                "The load was \(Decimals.text($0, places: 2)) per CPU in the minute before the run."
            },
            sentence(pressureBefore, above: CPUPressure.limit) {
                "Tasks waited for a CPU in \(Decimals.percent($0)) of the 10 s before the run."
            },
        ].compactMap(\.self)
    }

    private func sentence(_ value: Double?, above limit: Double, _ text: (Double) -> String) -> String? {
        guard let value, value > limit else { return nil }
        return text(value)
    }

    /// What else ran on the measured processors; nil if next to nothing did.
    package static func sentence(about turns: [Turn]) -> String? {
        let share = Double(turns.count { $0.wasKeptWaiting }) / Double(max(turns.count, 1))
        guard share > waitLimit else { return nil }
        return "In \(Decimals.percent(share)) of the turns something else ran on the measured CPU."
    }

    private static let waitLimit = 0.1
}
