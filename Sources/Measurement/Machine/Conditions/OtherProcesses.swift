// SPDX-License-Identifier: Apache-2.0

/// The processors that others keep busy while this process measures.
enum OtherProcesses {
    /// Above this number of CPUs, others delay what is measured.
    ///
    /// The kernel counts in ticks, often of 10 ms, so half a second cannot show less than a few hundredths.
    static let limit = 0.1

    static func condition(busy: Double?, cpus: Int) -> Condition {
        guard let busy else {
            return .unknown(name, "/proc/stat does not list the allowed CPUs: look for other programs with 'top'.")
        }
        let value = "\(Decimals.text(busy, places: 2)) of \(cpus) allowed \(cpus == 1 ? "CPU" : "CPUs") busy"
        guard busy > limit else { return .fine(name, value) }
        return .widens(name, value, "Stop what 'top' lists first, or keep it away with 'taskset' or isolated CPUs.")
    }

    private static let name = "other processes"
}
