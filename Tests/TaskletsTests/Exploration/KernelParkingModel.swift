// SPDX-License-Identifier: Apache-2.0

/// How a tasklet that is a thread parks and is woken: `ChannelState`, `SchedulerCore+Interruption` and
/// `ThreadPerTaskScheduler`, step by step.
///
/// What is done with the lock held is one step where nobody could see less; but taking the lock, releasing it, and all
/// that is done without it, are steps of their own. The code that each stands for is quoted beside it.
extension ThreadModel.Thread where Memory == KernelParkingMemory {
    /// What a tasklet does.
    enum Act {
        case send(Int)
        case receive
        /// Until a deadline, which may come at any time after.
        case receiveUntilDeadline
    }

    /// A tasklet that does these acts, one after the other, whatever becomes of each.
    static func tasklet(_ name: String, _ acts: Act...) -> Self {
        let steps = acts.enumerated().flatMap { number, act in Self.steps(of: act, "\(number + 1). ") }
        return Self(name: name, steps: steps + [.always("end") { memory, me in memory.tasklets[me].state = .ended }])
    }

    private static func steps(of act: Act, _ prefix: String) -> ThreadModel<KernelParkingMemory>.Steps {
        switch act {
        case .send(let value): sending(value, prefix)
        case .receive: receiving(prefix, seatWait(prefix), isTimed: false)
        case .receiveUntilDeadline: receiving(prefix, timedSeatWait(prefix), isTimed: true)
        }
    }

    /// Somebody who kills a tasklet.
    static func killer(of victim: Int) -> Self {
        let kill: ThreadModel<KernelParkingMemory>.Steps = [
            .lock("lock"), .always("kill") { memory, _ in memory.interrupt(victim) },
        ]
        return Self(name: "killer", steps: kill + unlock("", then: "end") + [label("end")])
    }

    /// The kernel's clock, which passes a tasklet's deadline some time after it has begun to wait.
    static func clock(of tasklet: Int) -> Self {
        let tick = Step<KernelParkingMemory>("the deadline comes") { memory, _ in
            guard memory.tasklets[tasklet].clock == .ticking else { return .wait }
            memory.tasklets[tasklet].clock = .due
            return .go("the deadline comes")
        }
        return Self(name: "clock", steps: [tick])
    }

    // MARK: Channels

    private static func sending(_ value: Int, _ prefix: String) -> ThreadModel<KernelParkingMemory>.Steps {
        [
            // ChannelState.enterSlowly: owner.lock.lock()
            .lock(prefix + "lock"),
            // if let partner = state.receivers.first: takeReceiver(for: me)
            Step(prefix + "take a receiver") { memory, me in
                guard let partner = memory.wakePartner(of: +1) else { return .go(prefix + "may I wait") }
                memory.partner[me] = partner
                return .next
            },
            // partner.put(element)
            .always(prefix + "fill its hand") { memory, me in
                memory.put(value, into: memory.partner[me])
                memory.handedOver.insert(value)
            },
        ] + unlock(prefix, then: prefix + "done") + [
            // waitAsSender(me), me.put(element)
            mayWait(prefix),
            .always(prefix + "enqueue") { memory, me in
                memory.enqueue(me, +1)
                memory.put(value, into: me)
            },
        ] + unlock(prefix + "parking: ", then: prefix + "is the seat up") + seatWait(prefix) + [
            // if me.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
            .always(prefix + "go on") { memory, me in
                if memory.tasklets[me].isInterrupted { return memory.takeInterruption(me) }
                if memory.tasklets[me].hand != nil { memory.fault = "a sender went on with its value" }
                memory.handedOver.insert(value)
            },
            label(prefix + "done"),
        ]
    }

    private static func receiving(_ prefix: String, _ seatWait: ThreadModel<KernelParkingMemory>.Steps, isTimed: Bool)
        -> ThreadModel<KernelParkingMemory>.Steps
    {
        [
            // ChannelState.enterSlowly: owner.lock.lock()
            .lock(prefix + "lock"),
            // if let partner = state.senders.first: takeSender(for: me), partner.takeValue()
            Step(prefix + "take a sender") { memory, _ in
                guard let partner = memory.wakePartner(of: -1) else { return .go(prefix + "may I wait") }
                memory.receive(fromHandOf: partner)
                return .next
            },
        ] + unlock(prefix, then: prefix + "done") + [
            // waitAsReceiver(me), or wait(me, .receive, until: deadline)
            mayWait(prefix),
            .always(prefix + "enqueue") { memory, me in
                memory.enqueue(me, -1)
                memory.setDeadline(me, isTimed)
            },
        ] + unlock(prefix + "parking: ", then: prefix + "is the seat up") + seatWait + [
            // if me.isInterrupted { throw me.takeInterruption(dropping: Element.self) }; me.take(as: Element.self)
            .always(prefix + "go on") { memory, me in
                memory.tasklets[me].clock = .off
                if memory.tasklets[me].isInterrupted { return memory.takeInterruption(me) }
                if !memory.tasklets[me].hasTimedOut { memory.receive(fromHandOf: me) }
            },
            label(prefix + "done"),
        ]
    }

    private static func mayWait(_ prefix: String) -> Step<KernelParkingMemory> {
        // SchedulerCore.willSuspend, willBlock: if node.awaitsInterruption { throw node.takeInterruption() }
        Step(prefix + "may I wait") { memory, me in
            guard memory.tasklets[me].awaitsInterruption else { return .next }
            memory.takeInterruption(me)
            return .go(prefix + "unlock")
        }
    }

    private static func label(_ name: String) -> Step<KernelParkingMemory> { .always(name) { _, _ in } }

    // MARK: The lock

    /// Stands for `Lock.unlock`; and on to the step of that name.
    private static func unlock(_ prefix: String, then next: String) -> ThreadModel<KernelParkingMemory>.Steps {
        [
            // let toWake = box.toWake; pthread_mutex_unlock(&box.mutex)
            .always(prefix + "unlock") { memory, me in
                memory.unlock(me)
                swap(&memory.waking[me], &memory.toWake)
            },
            // while let node = toWake.popFirst() { box.wake(node) }: linux_parker_unpark: __atomic_store_n(seat, 1)
            Step(prefix + "raise a seat") { memory, me in
                memory.raiseSeat(me) ? .next : .go(next)
            },
            // syscall(SYS_futex, seat, FUTEX_WAKE_PRIVATE, 1)
            Step(prefix + "wake its thread") { memory, me in
                memory.tasklets[memory.partner[me]].isAsleep = false
                return .go(prefix + "raise a seat")
            },
        ]
    }

    // MARK: The seat

    /// Stands for `linux_parker_wait` without a deadline.
    private static func seatWait(_ prefix: String) -> ThreadModel<KernelParkingMemory>.Steps {
        [
            // if (__atomic_exchange_n(seat, 0)) return true
            Step(prefix + "is the seat up") { memory, me in
                guard memory.tasklets[me].seat else { return .next }
                memory.tasklets[me].seat = false
                return .go(prefix + "go on")
            },
            // syscall(SYS_futex, seat, FUTEX_WAIT_BITSET_PRIVATE, 0, ...): the kernel compares the word before it sleeps
            .always(prefix + "sleep") { memory, me in
                memory.tasklets[me].isAsleep = !memory.tasklets[me].seat
            },
            Step(prefix + "be asleep") { memory, me in
                memory.tasklets[me].isAsleep ? .wait : .go(prefix + "is the seat up")
            },
        ]
    }

    /// Stands for `ThreadPerTaskScheduler.park` with a deadline: the wait, what comes of the deadline, and the wait for
    /// somebody else who has woken it in that very moment.
    private static func timedSeatWait(_ prefix: String) -> ThreadModel<KernelParkingMemory>.Steps {
        let again = prefix + "again: "
        return seatWait(prefix).dropLast() + [
            Step(prefix + "be asleep") { memory, me in
                guard memory.tasklets[me].isAsleep else { return .go(prefix + "is the seat up") }
                guard memory.tasklets[me].clock == .due else { return .wait }
                memory.tasklets[me].isAsleep = false
                return .next
            },
            // if (errno == ETIMEDOUT) return __atomic_exchange_n(seat, 0) != 0
            Step(prefix + "is the seat up at last") { memory, me in
                guard memory.tasklets[me].seat else { return .next }
                memory.tasklets[me].seat = false
                return .go(prefix + "go on")
            },
            // SchedulerCore.wakeIfWaiting: withLock
            .lock(prefix + "late: lock"),
            // guard node.hasDeadline else { return false }; expire(node); node.state = .running
            .always(prefix + "time out") { memory, me in
                guard memory.tasklets[me].hasDeadline else { return }
                memory.withdraw(me)
                memory.setDeadline(me, false)
                memory.tasklets[me].hasTimedOut = true
                memory.tasklets[me].state = .running
            },
        ] + unlock(prefix + "late: ", then: prefix + "has it timed out") + [
            Step(prefix + "has it timed out") { memory, me in
                memory.tasklets[me].hasTimedOut ? .go(prefix + "go on") : .next
            }
        ] + seatWait(again) + [label(again + "go on")]
    }
}
