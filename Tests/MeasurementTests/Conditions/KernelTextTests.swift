// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement

/// Texts that no kernel writes into any of the files.
private let oddTexts = [
    "", "\n", " ", "nan", "-1", "a b c\nd:e:f", "cpu0 1 2 -3 4", "18446744073709551616", "\u{0}[", "][",
]

@Suite("The kernel's texts about the state of the machine")
struct KernelTextTests {
    @Test("the load of the last minute is the first number")
    func load() {
        #expect(LoadAverage.lastMinute(in: "29.28 28.88 20.97 5/404 25239\n") == 29.28)
        #expect(LoadAverage.lastMinute(in: "inf 0 0 1/1 1\n") == nil)
    }

    @Test("the pressure of the last ten seconds is a share")
    func pressure() {
        let text = "some avg10=72.07 avg60=71.34 avg300=71.20 total=32623694025\nfull avg10=0.00 avg60=0.00 total=0\n"
        #expect(CPUPressure.lastTenSeconds(in: text) == 72.07 / 100)
        #expect(CPUPressure.lastTenSeconds(in: "full avg10=3.00 avg60=0.00 total=0\n") == nil)
        #expect(CPUPressure.lastTenSeconds(in: "some avg10=101 avg60=0.00 total=0\n") == nil)
    }

    @Test("processor times are per CPU, and the sum over all is left out")
    func processorTimes() {
        let text = """
            cpu  300 3 30 1000 10 0 7 9 0 0
            cpu0 100 1 10 400 4 2 3 5 50 0
            cpu12 200 2 20 600
            cpufreq 1 2 3 4
            intr 117931602 0 0
            """
        #expect(
            CPUTimes.perCPU(in: text) == [
                0: CPUTimes(busy: 116, idle: 404, stolen: 5), 12: CPUTimes(busy: 222, idle: 600, stolen: 0),
            ]
        )
    }

    @Test("a thread's times are the first two numbers, unless the kernel keeps none")
    func runQueueTimes() {
        #expect(RunQueueTimes(schedstat: "51530 110986 2\n") == RunQueueTimes(running: 51_530, waiting: 110_986))
        #expect(RunQueueTimes(schedstat: "0 0 0\n") == nil)
        #expect(RunQueueTimes(schedstat: "1 2\n") == nil)
    }

    @Test("the selected word of a setting is in brackets")
    func selected() {
        #expect(HugePages.selected(in: "always [madvise] never\n") == "madvise")
        #expect(HugePages.selected(in: "always madvise never\n") == nil)
        #expect(HugePages.selected(in: "[] always\n") == nil)
    }

    @Test("a CPU quota is in CPUs, in the formats of both versions")
    func quotas() {
        #expect(CPUQuota.cpus(max: "150000 100000") == 1.5)
        #expect(CPUQuota.cpus(max: "max 100000") == .infinity)
        #expect(CPUQuota.cpus(max: "150000 0") == nil)
        #expect(CPUQuota.cpus(quota: "50000", period: "100000") == 0.5)
        #expect(CPUQuota.cpus(quota: "-1", period: "100000") == .infinity)
    }

    @Test("a control group's files are in its folder or in one that encloses it")
    func controlGroups() {
        let new = ControlGroups("0::/a/b\n")
        #expect(new.folders(of: "cpu") == ["/sys/fs/cgroup/a/b", "/sys/fs/cgroup/a", "/sys/fs/cgroup"])
        let old = ControlGroups("5:cpu,cpuacct:/x\n4:memory:/y\n")
        #expect(old.folders(of: "cpu") == ["/sys/fs/cgroup/cpu/x", "/sys/fs/cgroup/cpu"])
        #expect(old.folders(of: "pids").isEmpty)
        #expect(ControlGroups("0::/../..\n").folders(of: "cpu") == ["/sys/fs/cgroup"])
    }

    @Test("the flags name a virtual machine, and the vendor says which")
    func virtualization() {
        let guest = "model name\t: Some CPU\nflags\t\t: fpu hypervisor lahf_lm\n"
        #expect(Virtualization.monitor(cpuInfo: guest, vendor: "QEMU") == "QEMU")
        #expect(Virtualization.monitor(cpuInfo: guest, vendor: nil) == "a virtual machine")
        #expect(Virtualization.monitor(cpuInfo: "flags\t\t: fpu\n", vendor: "Dell Inc.") == "none")
        #expect(Virtualization.monitor(cpuInfo: "Features\t: fp asimd\n", vendor: nil) == nil)
    }

    @Test("odd text has no value, and stops nothing", arguments: oddTexts)
    func oddText(text: String) {
        #expect(LoadAverage.lastMinute(in: text) == (text.hasPrefix("1844") ? 18_446_744_073_709_551_616 : nil))
        #expect(CPUPressure.lastTenSeconds(in: text) == nil)
        #expect(CPUTimes.perCPU(in: text).isEmpty)
        #expect(RunQueueTimes(schedstat: text) == nil)
        #expect(HugePages.selected(in: text) == nil)
        #expect(CPUQuota.cpus(max: text) == nil)
        #expect(CPUQuota.cpus(quota: text, period: text) == nil)
        #expect(ControlGroups(text).folders(of: "cpu").isEmpty)
        #expect(Virtualization.monitor(cpuInfo: text, vendor: nil) == nil)
    }
}
