// SPDX-License-Identifier: Apache-2.0

/// Tasklets that park softly, and the workers that run them, in a model.
struct SoftParkingMemory: LockedMemory {
    enum TaskletState { case running, blocked, ready, ended }

    struct Tasklet: Hashable {
        var state = TaskletState.ready
        /// What it still has to do on the channel: +1 is a send, -1 a receive.
        var acts: [Int]
        /// Whether a worker claims it.
        var isClaimed = false
        /// Whether `sw_context.frame` is stored, so that it can be resumed.
        var isContextStored = true
        var holdsValue = false
        /// The direction in which it waits, or last waited; 0 once it has been resumed.
        var waits = 0
    }

    var tasklets: [Tasklet]
    /// The worker that holds the lock.
    var holder: Int?
    /// `ConcurrentDispatchScheduler.readyTasklets` and `activeWorkers`, and how many turns Dispatch has yet to run.
    var ready: [Int] = []
    var activeWorkers = 0
    var dispatched = 0
    let workers: Int
    var queue: [Int] = []
    var sent = 0
    var received = 0

    /// The tasklet that each worker runs, and its `sw_holds_lock`.
    var current: [Int]
    var holdsLock: [Bool]

    var fault: String?

    init(workers: Int, _ acts: [[Int]]) {
        self.workers = workers
        tasklets = acts.map { Tasklet(acts: $0) }
        current = .init(repeating: 0, count: workers)
        holdsLock = .init(repeating: false, count: workers)
        for tasklet in tasklets.indices { makeReady(tasklet) }
    }

    func faultAtRest(_ places: [String?]) -> String? {
        if holder != nil { return "the lock is never released" }
        if !ready.isEmpty { return "lost wake-up: a tasklet is ready, and no worker runs it" }
        for (number, tasklet) in tasklets.enumerated() where tasklet.state != .ended {
            if tasklet.state != .blocked || !queue.contains(number) { return "lost wake-up: a tasklet is in no queue" }
        }
        if Set(queue.map { tasklets[$0].waits }).count > 1 {
            return "lost wake-up: a sender and a receiver wait on one channel"
        }
        return sent == received ? nil : "a value is lost"
    }

    // MARK: Effects of the steps

    /// Stands for `ConcurrentDispatchScheduler.enqueue(_ node:)`, which may activate a worker.
    mutating func makeReady(_ tasklet: Int) {
        if ready.contains(tasklet) { fault = "double resume: a tasklet is ready twice" }
        ready.append(tasklet)
        guard activeWorkers < workers else { return }
        activeWorkers += 1
        dispatched += 1
    }

    /// The worker takes the tasklet that has been ready longest.
    mutating func takeReady(_ worker: Int) {
        current[worker] = ready.removeFirst()
        if tasklets[current[worker]].state != .ready { fault = "double resume: a tasklet that was not ready is run" }
        tasklets[current[worker]].state = .running
    }

    /// Stands for `ConcurrentRunner.claim` and `ThreadClaims.take`.
    mutating func claim(_ tasklet: Int) {
        if tasklets[tasklet].isClaimed { fault = "double resume: a tasklet runs on two threads" }
        tasklets[tasklet].isClaimed = true
    }

    /// Stands for `ThreadClaims.release`.
    mutating func releaseClaim(_ tasklet: Int) { tasklets[tasklet].isClaimed = false }

    /// Stands for `sw_resume`, and for what a tasklet does first once it has the processor again.
    mutating func resume(_ tasklet: Int) {
        if !tasklets[tasklet].isContextStored { fault = "a tasklet is resumed before it has parked" }
        tasklets[tasklet].isContextStored = false
        if tasklets[tasklet].waits == -1 {
            if !tasklets[tasklet].holdsValue { fault = "a receiver is resumed with an empty slot" }
            received += 1
        }
        tasklets[tasklet].holdsValue = false
        tasklets[tasklet].waits = 0
    }

    /// Stands for `ChannelState.meetSpecialCase`, and for moving the value from slot to slot.
    ///
    /// Returns whether a partner for the tasklet's next act was waiting.
    mutating func handOver(_ tasklet: Int) -> Bool {
        guard let partner = queue.first, tasklets[partner].waits == -tasklets[tasklet].acts[0] else { return false }
        queue.removeFirst()
        tasklets[partner].state = .ready
        makeReady(partner)
        if tasklets[tasklet].acts.removeFirst() == 1 { tasklets[partner].holdsValue = true } else { received += 1 }
        sent += 1
        return true
    }

    /// Stands for `ChannelState.enqueue`.
    mutating func enqueue(_ tasklet: Int) {
        tasklets[tasklet].waits = tasklets[tasklet].acts.removeFirst()
        tasklets[tasklet].state = .blocked
        queue.append(tasklet)
    }
}
