// SPDX-License-Identifier: Apache-2.0

/// Everything about the machine and this process that widens the noise of measurements.
package enum Conditions {
    /// Observes all conditions, in the order of a report; takes about a second.
    ///
    /// Keeps one processor busy for 350 ms of it, because some of the noise shows only then: the hypervisor steals
    /// nothing from a processor that is idle.
    ///
    /// - Parameter hasProfiler: whether gperftools' profiler can be loaded.
    package static func observe(hasProfiler: Bool) -> [Condition] {
        // Read before this process is itself a part of the load.
        let before = [LoadAverage.observe(), CPUPressure.observe()]
        return before + SpinObservation.make().conditions + fixed() + Tools.observe(hasProfiler: hasProfiler)
    }

    /// What does not change while nobody changes it.
    private static func fixed() -> [Condition] {
        let allowed = CPUSet.allowed()
        let groups = ControlGroups.own()
        return [
            AllowedCPUs.condition(allowed), SMTSiblings.observe(allowed), FrequencyGovernor.observe(allowed),
            FrequencyBoost.observe(), Virtualization.observe(), ClockSource.observe(),
            CPUQuota.observe(groups, cpus: allowed.numbers.count), TimerSlack.observe(), AddressLayout.observe(),
            HugePages.observe(), OpenFiles.observe(), ThreadLimits.observe(groups), ProcessorCounters.observe(),
        ]
    }
}
