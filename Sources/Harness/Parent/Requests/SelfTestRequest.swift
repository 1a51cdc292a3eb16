// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// A checked `bench profile --self-test`.
package struct SelfTestRequest: Sendable, Equatable {
    /// The schedulers to test.
    package let variants: [SchedulerVariant]
    /// The processors.
    package let cpus: CPUSet
    /// Samples per second of processor time.
    package let frequency: Int
    /// Seconds per profile.
    package let duration: Int

    /// Creates a request.
    package init(variants: [SchedulerVariant], cpus: CPUSet, frequency: Int, duration: Int) {
        self.variants = variants
        self.cpus = cpus
        self.frequency = frequency
        self.duration = duration
    }
}
