// SPDX-License-Identifier: Apache-2.0

/// A model of a channel between tasklets that are threads: what the lock protects, and what it does not.
struct KernelParkingMemory: LockedMemory {
    enum TaskletState { case running, blocked, ready, ended }

    /// One tasklet's node; it has its thread's number.
    struct Tasklet: Hashable {
        var state = TaskletState.running
        /// +1 while it waits as a sender, -1 as a receiver.
        var direction = 0
        var slot: Int?
        var isInterrupted = false
        var hasPendingInterruption = false
        var hasDeadline = false
        var hasTimedOut = false

        /// `TaskletThread.parker`, the futex that its thread waits on; and whether the thread sleeps in the kernel.
        var isParkerSet = false
        var isAsleep = false
        var clock = Clock.off
    }

    /// Whether its current wait has a deadline, and whether that has passed.
    enum Clock { case off, ticking, due }

    var tasklets: [Tasklet]
    /// The thread that holds the lock.
    var holder: Int?
    /// `SchedulerLock.toWake`; and the tasklets that each thread has taken out of it, to wake them.
    var toWake: [Int] = []
    var waking: [[Int]]
    var queue: [Int] = []
    var balance = 0
    /// The partner that each thread has found, or is waking.
    var partner: [Int]

    /// Where the values have gone: each is sent once.
    var received: Set<Int> = []
    var dropped: Set<Int> = []
    /// Values whose send has completed: another tasklet has them.
    var handedOver: Set<Int> = []

    var fault: String?

    init(tasklets: Int, others: Int = 0) {
        self.tasklets = .init(repeating: Tasklet(), count: tasklets)
        waking = .init(repeating: [], count: tasklets + others)
        partner = .init(repeating: 0, count: tasklets + others)
    }

    func faultAtRest(_ places: [String?]) -> String? {
        if holder != nil { return "the lock is never released" }
        for (number, tasklet) in tasklets.enumerated() {
            if tasklet.isParkerSet { return "a parker stays set, and the next wait would end at once" }
            if tasklet.state == .ended || queue.contains(number) { continue }
            return "lost wake-up: a tasklet that was made ready sleeps"
        }
        let directions = queue.map { tasklets[$0].direction }
        if Set(directions).count > 1 { return "lost wake-up: a sender and a receiver sleep on one channel" }
        if balance != directions.reduce(0, +) { return "the balance does not count the waiters" }
        return handedOver.isSubset(of: received.union(dropped)) ? nil : "a value is lost"
    }

    // MARK: Effects of the steps

    /// Stands for `ChannelState.enqueue`.
    mutating func enqueue(_ tasklet: Int, _ direction: Int) {
        if (waking + [toWake]).joined().contains(tasklet) { fault = "its links are still in another list" }
        queue.append(tasklet)
        balance += direction
        tasklets[tasklet].direction = direction
        tasklets[tasklet].state = .blocked
    }

    /// Stands for `Node.setDeadline`, and for what resets `Node.hasTimedOut` before a wait.
    mutating func setDeadline(_ tasklet: Int, _ isTimed: Bool) {
        tasklets[tasklet].hasDeadline = isTimed
        tasklets[tasklet].hasTimedOut = false
        tasklets[tasklet].clock = isTimed ? .ticking : .off
    }

    /// Stands for `ChannelState.withdraw`.
    mutating func withdraw(_ tasklet: Int) {
        if let place = queue.firstIndex(of: tasklet) { queue.remove(at: place) } else { fault = "it is in no queue" }
        balance -= tasklets[tasklet].direction
    }

    /// Stands for `ChannelState.meetSpecialCase`: makes the partner of a tasklet that acts in this direction ready.
    mutating func wakePartner(of direction: Int) -> Int? {
        guard balance * direction < 0, !queue.isEmpty else { return nil }
        balance += direction
        let partner = queue.removeFirst()
        tasklets[partner].hasDeadline = false
        makeReady(partner)
        return partner
    }

    /// Stands for `SchedulerState.interrupt`.
    mutating func interrupt(_ tasklet: Int) {
        switch tasklets[tasklet].state {
        case .ended: return
        case .ready, .running: tasklets[tasklet].hasPendingInterruption = true
        case .blocked:
            withdraw(tasklet)
            tasklets[tasklet].hasDeadline = false
            tasklets[tasklet].isInterrupted = true
            makeReady(tasklet)
        }
    }

    /// Stands for `ThreadPerTaskScheduler.enqueue(_ node:)`, which calls `SchedulerLock.wakeAfterUnlock`.
    private mutating func makeReady(_ tasklet: Int) {
        if tasklets[tasklet].state != .blocked { fault = "double resume: a tasklet that did not wait is woken" }
        tasklets[tasklet].state = .ready
        toWake.append(tasklet)
    }

    /// The first half of `linux_parker_unpark`, for the next tasklet that was taken out of `toWake`.
    ///
    /// Returns whether there was one.
    mutating func setParker(_ thread: Int) -> Bool {
        guard !waking[thread].isEmpty else { return false }
        partner[thread] = waking[thread].removeFirst()
        if tasklets[partner[thread]].state == .ended { fault = "the parker is set of a tasklet that has ended" }
        tasklets[partner[thread]].isParkerSet = true
        return true
    }

    // MARK: Slots

    mutating func put(_ value: Int, into tasklet: Int) {
        if tasklets[tasklet].slot != nil { fault = "a slot is filled twice" }
        tasklets[tasklet].slot = value
    }

    /// A receiver continues with what is in its own slot, or in a sender's.
    mutating func receive(fromSlotOf tasklet: Int) {
        guard let value = tasklets[tasklet].slot.take() else { return fault = "resumed with an empty slot" }
        if !received.insert(value).inserted { fault = "a value is received twice" }
    }

    /// Stands for `Node.takeInterruption(dropping:)`.
    mutating func takeInterruption(_ tasklet: Int) {
        tasklets[tasklet].isInterrupted = false
        tasklets[tasklet].hasPendingInterruption = false
        if let value = tasklets[tasklet].slot.take() { dropped.insert(value) }
    }
}
