// SPDX-License-Identifier: Apache-2.0

/// Pressure stall information: the share of time in which some task could have run, but no processor was free.
enum CPUPressure {
    /// Above this share, tasks wait for processors often enough to show in the results.
    static let limit = 0.05

    static func observe() -> Condition {
        condition(ProcFile.text(of: path).flatMap(lastTenSeconds))
    }

    /// The share of the last ten seconds, from the text of `/proc/pressure/cpu`; nil if it is not in that format.
    static func lastTenSeconds(in text: String) -> Double? {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.first == "some", let field = fields.first(where: { $0.hasPrefix("avg10=") }),
                let percentage = Double(field.dropFirst(6)), (0...100).contains(percentage)
            else { continue }
            return percentage / 100
        }
        return nil
    }

    static func condition(_ share: Double?) -> Condition {
        guard let share else {
            return .unknown(name, "\(path) cannot be read: the kernel was built or booted without it ('psi=1').")
        }
        let value = "\(Decimals.percent(share)) of the last 10 s"
        guard share > limit else { return .fine(name, value) }
        return .widens(name, value, "More tasks want to run than there are CPUs: stop other programs and containers.")
    }

    static let path = "/proc/pressure/cpu"
    private static let name = "CPU pressure"
}
