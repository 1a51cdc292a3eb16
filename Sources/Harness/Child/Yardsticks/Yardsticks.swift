// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// The calibration of the machine, in this process.
package enum Yardsticks {
    /// Measures the machine's primitives on `cpu`, and the ones that need two processors with `otherCPU`.
    ///
    /// - Throws: ``UsageError`` if this process cannot be pinned to one of them.
    package static func measure(cpu: Int, otherCPU: Int?) throws -> Calibration {
        // Pins to `cpu` last, which is the one to measure on.
        for number in [otherCPU, cpu].compactMap(\.self) {
            guard let cpus = CPUSet(list: "\(number)"), cpus.pinCurrentThread() else {
                throw UsageError("this process cannot be pinned to CPU \(number)")
            }
        }
        return Calibration.measure(
            cpu: cpu,
            otherCPU: otherCPU,
            extra: [{ BareSwap.measure() }, { BareTask.measure() }]
        )
    }
}
