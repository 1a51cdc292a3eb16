// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement

@Suite("Conditions")
struct ConditionTests {
    @Test("a load of more than a quarter of the CPUs widens")
    func load() {
        #expect(LoadAverage.condition(0.4, cpus: 2).verdict == .fine)
        #expect(LoadAverage.condition(5.2, cpus: 2).verdict == .widens)
        #expect(LoadAverage.condition(5.2, cpus: 2).value == "5.20 on 2 CPUs")
        #expect(LoadAverage.condition(nil, cpus: 2).verdict == .unknown)
    }

    @Test("pressure, steal time, and waiting widen above their limits")
    func shares() throws {
        #expect(CPUPressure.condition(0.04).verdict == .fine)
        #expect(CPUPressure.condition(0.72).value == "72.0 % of the last 10 s")
        #expect(CPUPressure.condition(nil).verdict == .unknown)
        #expect(RunQueueWait.condition(0.001).verdict == .fine)
        #expect(RunQueueWait.condition(0.5).verdict == .widens)
        #expect(RunQueueWait.condition(nil).verdict == .unknown)
        let start = [0: CPUTimes(busy: 0, idle: 0, stolen: 0)]
        let end = [0: CPUTimes(busy: 90, idle: 5, stolen: 5)]
        let stolen = try #require(CPUActivity(from: start, to: end, of: CPUSet([0])))
        #expect(StealTime.condition(stolen).verdict == .widens)
        #expect(StealTime.condition(nil).verdict == .unknown)
    }

    @Test("others are what keeps CPUs busy less this process")
    func others() throws {
        let start = [0: CPUTimes(busy: 10, idle: 0, stolen: 0), 1: CPUTimes(busy: 0, idle: 10, stolen: 0)]
        let end = [0: CPUTimes(busy: 60, idle: 0, stolen: 0), 1: CPUTimes(busy: 25, idle: 34, stolen: 1)]
        let activity = try #require(CPUActivity(from: start, to: end, of: CPUSet([0, 1])))
        #expect(activity.cpus == 2)
        #expect(activity.busy == 1.5)
        #expect(activity.stolen == 0.01)
        #expect(activity.busyByOthers(own: 300_000_000, elapsed: 500_000_000) == 0.9)
        #expect(activity.busyByOthers(own: 900_000_000, elapsed: 500_000_000) == 0)
        #expect(OtherProcesses.condition(busy: 0.9, cpus: 2).value == "0.90 of 2 allowed CPUs busy")
        #expect(OtherProcesses.condition(busy: nil, cpus: 0).verdict == .unknown)
    }

    @Test("processors that are in one reading alone say nothing")
    func hotplug() {
        let times = [0: CPUTimes(busy: 1, idle: 1, stolen: 1)]
        #expect(CPUActivity(from: times, to: times, of: CPUSet([0])) == nil)
        #expect(CPUActivity(from: times, to: [:], of: CPUSet([0, 1])) == nil)
    }

    @Test("one speed is fine, and two are not, but a few slow repetitions do not make a mode")
    func speeds() throws {
        let even = try #require(SpeedModes((0..<100).map { 50_000 + Double($0) }))
        #expect(SpeedModes.condition(even).verdict == .fine)
        let two = try #require(SpeedModes(Array(repeating: 50, count: 76) + Array(repeating: 69, count: 24)))
        #expect(two.ratio == 1.38)
        #expect(two.slowShare == 0.24)
        #expect(SpeedModes.condition(two).value == "p90/p5 1.38, 24.0 % slow")
        #expect(SpeedModes.condition(two).verdict == .widens)
        let rare = try #require(SpeedModes(Array(repeating: 50, count: 95) + Array(repeating: 5_000, count: 5)))
        #expect(SpeedModes.condition(rare).verdict == .fine)
        #expect(SpeedModes([.nan, 0, -1]) == nil)
        #expect(SpeedModes.condition(nil).verdict == .unknown)
    }

    @Test("a single CPU widens")
    func processors() {
        #expect(AllowedCPUs.condition(CPUSet([])).verdict == .unknown)
        #expect(AllowedCPUs.condition(CPUSet([3])).value == "1 (CPU 3)")
        #expect(AllowedCPUs.condition(CPUSet([3])).verdict == .widens)
        #expect(AllowedCPUs.condition(CPUSet([0, 1])).verdict == .fine)
    }

    @Test("CPUs of one core widen")
    func siblings() {
        let both = CPUSet([0, 1])
        #expect(SMTSiblings.condition([CPUSet([0]), CPUSet([1])]).verdict == .fine)
        #expect(SMTSiblings.condition([both, both]).value == "one core: CPUs 0-1")
        #expect(SMTSiblings.condition([both, nil]).verdict == .unknown)
        #expect(SMTSiblings.condition([]).verdict == .unknown)
    }

    @Test("only the governor 'performance' and a boost that is off are fine")
    func frequency() {
        #expect(FrequencyGovernor.condition(["performance", "performance"]).verdict == .fine)
        #expect(FrequencyGovernor.condition(["performance", "schedutil"]).value == "performance, schedutil")
        #expect(FrequencyGovernor.condition(["performance", "schedutil"]).verdict == .widens)
        #expect(FrequencyGovernor.condition([]).verdict == .unknown)
        #expect(FrequencyBoost.condition(noTurbo: "0", boost: nil).verdict == .widens)
        #expect(FrequencyBoost.condition(noTurbo: "1", boost: "1").verdict == .fine)
        #expect(FrequencyBoost.condition(noTurbo: nil, boost: "1").verdict == .widens)
        #expect(FrequencyBoost.condition(noTurbo: nil, boost: "0").verdict == .fine)
        #expect(FrequencyBoost.condition(noTurbo: "x", boost: nil).verdict == .unknown)
    }

    @Test("one layout for all processes widens, whoever asked for it")
    func layout() {
        #expect(AddressLayout.condition(setting: "2", personality: "00000000").verdict == .fine)
        #expect(AddressLayout.condition(setting: "2", personality: "00040000").verdict == .widens)
        #expect(AddressLayout.condition(setting: "0", personality: nil).verdict == .widens)
        #expect(AddressLayout.condition(setting: "2", personality: "x").verdict == .unknown)
        #expect(AddressLayout.condition(setting: "7", personality: "0").verdict == .unknown)
        #expect(AddressLayout.condition(setting: nil, personality: "0").verdict == .unknown)
    }

    @Test("the kernel's default timer slack widens")
    func slack() {
        #expect(TimerSlack.condition(nanoseconds: 50_000).value == "50.0 µs")
        #expect(TimerSlack.condition(nanoseconds: 50_000).verdict == .widens)
        #expect(TimerSlack.condition(nanoseconds: 1).verdict == .fine)
        #expect(TimerSlack.condition(nanoseconds: 0).verdict == .unknown)
    }

    @Test("a quota below the allowed CPUs widens")
    func quota() {
        #expect(CPUQuota.condition(.infinity, cpus: 2).value == "none")
        #expect(CPUQuota.condition(1.5, cpus: 2).verdict == .widens)
        #expect(CPUQuota.condition(2, cpus: 2).verdict == .fine)
        #expect(CPUQuota.condition(nil, cpus: 2).verdict == .unknown)
        #expect(CPUQuota.observe(nil, cpus: 2).verdict == .unknown)
    }

    @Test("virtual machines, slow clocks and huge pages for everyone widen")
    func settings() {
        #expect(Virtualization.condition("none").verdict == .fine)
        #expect(Virtualization.condition("QEMU").verdict == .widens)
        #expect(Virtualization.condition(nil).verdict == .unknown)
        #expect(ClockSource.condition("tsc").verdict == .fine)
        #expect(ClockSource.condition("hpet").verdict == .widens)
        #expect(ClockSource.condition(nil).verdict == .unknown)
        #expect(HugePages.condition("never").verdict == .fine)
        #expect(HugePages.condition("always").verdict == .widens)
        #expect(HugePages.condition("other").verdict == .unknown)
    }

    @Test("low limits and missing tools are lacking, and say what to do")
    func limits() {
        #expect(OpenFiles.condition(hardLimit: 1_024).verdict == .lacks)
        #expect(OpenFiles.condition(hardLimit: .max).value == "unlimited")
        #expect(OpenFiles.condition(hardLimit: nil).verdict == .unknown)
        let many = ThreadLimits.Limit(threads: 96_551, origin: "RLIMIT_NPROC", remedy: "raise it")
        let few = ThreadLimits.Limit(threads: 500, origin: "pids.max", remedy: "raise it")
        #expect(ThreadLimits.condition([many]).verdict == .fine)
        #expect(ThreadLimits.condition([many, few]).value == "500 (pids.max)")
        #expect(ThreadLimits.condition([many, few]).verdict == .lacks)
        #expect(ThreadLimits.condition([]).verdict == .unknown)
        #expect(Tools.condition(Tools.perf, isFound: true).verdict == .fine)
        #expect(Tools.condition(Tools.perf, isFound: false).advice?.contains("linux-perf") == true)
        #expect(Tools.isExecutable("sh", in: "/nowhere::/bin"))
        #expect(!Tools.isExecutable("sh", in: ""))
    }

    @Test("a figure has one decimal or two, and an odd one stops nothing")
    func decimals() {
        #expect(Decimals.text(0.95) == "1.0")
        #expect(Decimals.text(-0.26) == "-0.3")
        #expect(Decimals.text(1.05, places: 2) == "1.05")
        #expect(Decimals.percent(0.031) == "3.1 %")
        #expect(Decimals.text(.infinity) == "inf")
    }
}
