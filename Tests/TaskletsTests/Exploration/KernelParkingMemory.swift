// SPDX-License-Identifier: Apache-2.0

/// A channel of tasklets that are threads, in a model: what the lock protects, and what it does not.
struct KernelParkingMemory: LockedMemory {
    enum TaskletState { case running, blocked, ready, ended }

    /// One tasklet's node; it has the number of its thread.
    struct Tasklet: Hashable {
        var state = TaskletState.running
        /// +1 while it waits as a sender, -1 as a receiver.
        var direction = 0
        var hand: Int?
        var isInterrupted = false
        var awaitsInterruption = false
        var hasDeadline = false
        var hasTimedOut = false

        /// The seat: the word that its thread waits on, and whether the thread sleeps in the kernel.
        var seat = false
        var isAsleep = false
        var clock = Clock.off
    }

    /// Whether its present wait has a deadline, and that has come.
    enum Clock { case off, ticking, due }

    var tasklets: [Tasklet]
    /// Who has the lock.
    var holder: Int?
    /// `Lock.toWake`; and what each thread has taken out of it, to wake.
    var toWake: [Int] = []
    var waking: [[Int]]
    var queue: [Int] = []
    var balance = 0
    /// The partner that each thread has found, or wakes.
    var partner: [Int]

    /// Where the values have gone: every one is sent once.
    var received: Set<Int> = []
    var dropped: Set<Int> = []
    /// Whose send has returned: then somebody else has the value.
    var handedOver: Set<Int> = []

    var fault: String?

    init(tasklets: Int, others: Int = 0) {
        self.tasklets = .init(repeating: Tasklet(), count: tasklets)
        waking = .init(repeating: [], count: tasklets + others)
        partner = .init(repeating: 0, count: tasklets + others)
    }

    func faultAtRest(_ places: [String?]) -> String? {
        if holder != nil { return "the lock is held for ever" }
        for (number, tasklet) in tasklets.enumerated() {
            if tasklet.seat { return "a seat stays up, and the next wait would end at once" }
            if tasklet.state == .ended || queue.contains(number) { continue }
            return "lost wake-up: a tasklet that was made ready sleeps"
        }
        let directions = queue.map { tasklets[$0].direction }
        if Set(directions).count > 1 { return "lost wake-up: a sender and a receiver sleep on one channel" }
        if balance != directions.reduce(0, +) { return "the balance does not count who waits" }
        return handedOver.isSubset(of: received.union(dropped)) ? nil : "a value is lost"
    }

    // MARK: What the steps do

    /// Stands for `ChannelState.enqueue`.
    mutating func enqueue(_ tasklet: Int, _ direction: Int) {
        if (waking + [toWake]).joined().contains(tasklet) { fault = "its links are still in another list" }
        queue.append(tasklet)
        balance += direction
        tasklets[tasklet].direction = direction
        tasklets[tasklet].state = .blocked
    }

    /// Stands for `SchedulerCore.setDeadline`.
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

    /// Stands for `ChannelState.handOver`: the partner of somebody who acts in this direction, made ready.
    mutating func wakePartner(of direction: Int) -> Int? {
        guard balance * direction < 0, !queue.isEmpty else { return nil }
        balance += direction
        let partner = queue.removeFirst()
        tasklets[partner].hasDeadline = false
        makeReady(partner)
        return partner
    }

    /// Stands for `SchedulerCore.interrupt`.
    mutating func interrupt(_ tasklet: Int) {
        switch tasklets[tasklet].state {
        case .ended: return
        case .ready, .running: tasklets[tasklet].awaitsInterruption = true
        case .blocked:
            withdraw(tasklet)
            tasklets[tasklet].hasDeadline = false
            tasklets[tasklet].isInterrupted = true
            makeReady(tasklet)
        }
    }

    /// Stands for `ThreadPerTaskScheduler.ready`, which is `Lock.wakeAfterUnlock`.
    private mutating func makeReady(_ tasklet: Int) {
        if tasklets[tasklet].state != .blocked { fault = "double resume: a tasklet that did not wait is woken" }
        tasklets[tasklet].state = .ready
        toWake.append(tasklet)
    }

    /// The first half of `linux_parker_unpark`, for the next that was taken out of `toWake`.
    ///
    /// Returns whether there was one.
    mutating func raiseSeat(_ thread: Int) -> Bool {
        guard !waking[thread].isEmpty else { return false }
        partner[thread] = waking[thread].removeFirst()
        if tasklets[partner[thread]].state == .ended { fault = "the seat is raised of one that is gone" }
        tasklets[partner[thread]].seat = true
        return true
    }

    // MARK: Hands

    mutating func put(_ value: Int, into tasklet: Int) {
        if tasklets[tasklet].hand != nil { fault = "a hand is filled twice" }
        tasklets[tasklet].hand = value
    }

    /// A receiver goes on with what it has found in its own hand, or in a sender's.
    mutating func receive(fromHandOf tasklet: Int) {
        guard let value = tasklets[tasklet].hand.take() else { return fault = "resumed with an empty hand" }
        if !received.insert(value).inserted { fault = "a value is received twice" }
    }

    /// Stands for `Node.takeInterruption(dropping:)`.
    mutating func takeInterruption(_ tasklet: Int) {
        tasklets[tasklet].isInterrupted = false
        tasklets[tasklet].awaitsInterruption = false
        if let value = tasklets[tasklet].hand.take() { dropped.insert(value) }
    }
}
