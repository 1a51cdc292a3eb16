// SPDX-License-Identifier: Apache-2.0

/// How a tasklet that is a thread parks and is woken: `ChannelState`, `Interruption.swift` and
/// `ThreadPerTaskScheduler`, step by step.
///
/// Work done with the lock held is one step where no thread could see part of it; taking the lock, releasing it, and
/// everything done without it are steps of their own. Each step quotes the code that it stands for.
extension ThreadModel.Thread where Memory == KernelParkingMemory {
    /// What a tasklet does.
    enum Act {
        case send(Int)
        case receive
        /// With a deadline, which may pass at any time after the wait has begun.
        case receiveUntilDeadline
    }

    /// A tasklet that performs these acts in order, whether each succeeds or not.
    static func tasklet(_ name: String, _ acts: Act...) -> Self {
        let steps = acts.enumerated().flatMap { number, act in Self.steps(of: act, "\(number + 1). ") }
        return Self(name: name, steps: steps + [.always("end") { memory, me in memory.tasklets[me].state = .ended }])
    }

    private static func steps(of act: Act, _ prefix: String) -> ThreadModel<KernelParkingMemory>.Steps {
        switch act {
        case .send(let value): sending(value, prefix)
        case .receive: receiving(prefix, parkerWait(prefix), isTimed: false)
        case .receiveUntilDeadline: receiving(prefix, timedParkerWait(prefix), isTimed: true)
        }
    }

    /// A thread that kills a tasklet.
    static func killer(of victim: Int) -> Self {
        let kill: ThreadModel<KernelParkingMemory>.Steps = [
            .lock("lock"), .always("kill") { memory, _ in memory.interrupt(victim) },
        ]
        return Self(name: "killer", steps: kill + unlock("", then: "end") + [label("end")])
    }

    /// The kernel's clock, which passes a tasklet's deadline some time after the tasklet has begun to wait.
    static func clock(of tasklet: Int) -> Self {
        let tick = Step<KernelParkingMemory>("the deadline passes") { memory, _ in
            guard memory.tasklets[tasklet].clock == .ticking else { return .wait }
            memory.tasklets[tasklet].clock = .due
            return .go("the deadline passes")
        }
        return Self(name: "clock", steps: [tick])
    }

    // MARK: Channels

    private static func sending(_ value: Int, _ prefix: String) -> ThreadModel<KernelParkingMemory>.Steps {
        [
            // ChannelState.enterSpecialCase, lockOwner: owner.pointee.lock.lock()
            .lock(prefix + "lock"),
            // ChannelState.planSend: if let receiver = pointee.receivers.first { return (handOver(me, context),
            // receiver) }
            Step(prefix + "take a receiver") { memory, me in
                guard let partner = memory.wakePartner(of: +1) else { return .go(prefix + "may I wait") }
                memory.partner[me] = partner
                return .next
            },
            // fill(receiver), which is receiver.put(element)
            .always(prefix + "fill its slot") { memory, me in
                memory.put(value, into: memory.partner[me])
                memory.handedOver.insert(value)
            },
        ] + unlock(prefix, then: prefix + "done") + [
            // let plan = try state.wait(me, .send, context); fill(me)
            mayWait(prefix),
            .always(prefix + "enqueue") { memory, me in
                memory.enqueue(me, +1)
                memory.put(value, into: me)
            },
        ] + unlock(prefix + "parking: ", then: prefix + "is the parker set") + parkerWait(prefix) + [
            // Channel.send: if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
            .always(prefix + "continue") { memory, me in
                if memory.tasklets[me].isInterrupted { return memory.takeInterruption(me) }
                if memory.tasklets[me].slot != nil { memory.fault = "a sender continued with its value" }
                memory.handedOver.insert(value)
            },
            label(prefix + "done"),
        ]
    }

    private static func receiving(_ prefix: String, _ parkerWait: ThreadModel<KernelParkingMemory>.Steps, isTimed: Bool)
        -> ThreadModel<KernelParkingMemory>.Steps
    {
        [
            // ChannelState.enterSpecialCase, lockOwner: owner.pointee.lock.lock()
            .lock(prefix + "lock"),
            // ChannelState.planReceive: let plan = takeOver(me, context); sender.moveSlot(to: me). What the receiver
            // then takes from its own slot, no other thread touches: taking it belongs to this step.
            Step(prefix + "take a sender") { memory, _ in
                guard let partner = memory.wakePartner(of: -1) else { return .go(prefix + "may I wait") }
                memory.receive(fromSlotOf: partner)
                return .next
            },
        ] + unlock(prefix, then: prefix + "done") + [
            // state.wait(me, .receive, context), or state.wait(me, .receive, until: deadline, context)
            mayWait(prefix),
            .always(prefix + "enqueue") { memory, me in
                memory.enqueue(me, -1)
                memory.setDeadline(me, isTimed)
            },
        ] + unlock(prefix + "parking: ", then: prefix + "is the parker set") + parkerWait + [
            // Channel.receive: if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) };
            // return try me.take(as: Element.self), unless me.pointee.hasTimedOut
            .always(prefix + "continue") { memory, me in
                memory.tasklets[me].clock = .off
                if memory.tasklets[me].isInterrupted { return memory.takeInterruption(me) }
                if !memory.tasklets[me].hasTimedOut { memory.receive(fromSlotOf: me) }
            },
            label(prefix + "done"),
        ]
    }

    private static func mayWait(_ prefix: String) -> Step<KernelParkingMemory> {
        // ChannelState.checkMayWait: Node.checkMayBlock, checkMayLeave:
        // if pointee.hasPendingInterruption { throw takeInterruption() }
        Step(prefix + "may I wait") { memory, me in
            guard memory.tasklets[me].hasPendingInterruption else { return .next }
            memory.takeInterruption(me)
            return .go(prefix + "unlock")
        }
    }

    private static func label(_ name: String) -> Step<KernelParkingMemory> { .always(name) { _, _ in } }

    // MARK: The lock

    /// Stands for `SchedulerLock.unlock`; then continues with the step of that name.
    private static func unlock(_ prefix: String, then next: String) -> ThreadModel<KernelParkingMemory>.Steps {
        [
            // var toWake = box.pointee.toWake; ...; box.pointee.mutex.unlock()
            .always(prefix + "unlock") { memory, me in
                memory.unlock(me)
                swap(&memory.waking[me], &memory.toWake)
            },
            // while let node = toWake.popFirst() { box.pointee.unpark(node) }, which ends in linux_parker_unpark:
            // __atomic_store_n(parker, 1, __ATOMIC_RELEASE)
            Step(prefix + "set a parker") { memory, me in
                memory.setParker(me) ? .next : .go(next)
            },
            // syscall(SYS_futex, parker, FUTEX_WAKE_PRIVATE, 1, ...)
            Step(prefix + "wake its thread") { memory, me in
                memory.tasklets[memory.partner[me]].isAsleep = false
                return .go(prefix + "set a parker")
            },
        ]
    }

    // MARK: The parker

    /// Stands for `linux_parker_wait` without a deadline.
    private static func parkerWait(_ prefix: String) -> ThreadModel<KernelParkingMemory>.Steps {
        [
            // if (__atomic_exchange_n(parker, 0, __ATOMIC_ACQ_REL)) return true
            Step(prefix + "is the parker set") { memory, me in
                guard memory.tasklets[me].isParkerSet else { return .next }
                memory.tasklets[me].isParkerSet = false
                return .go(prefix + "continue")
            },
            // syscall(SYS_futex, parker, FUTEX_WAIT_BITSET_PRIVATE, 0, ...): the kernel rechecks the word before it
            // sleeps
            .always(prefix + "sleep") { memory, me in
                memory.tasklets[me].isAsleep = !memory.tasklets[me].isParkerSet
            },
            Step(prefix + "be asleep") { memory, me in
                memory.tasklets[me].isAsleep ? .wait : .go(prefix + "is the parker set")
            },
        ]
    }

    /// Stands for `ThreadPerTaskScheduler.park` with a deadline: the wait, the deadline, and the second wait, for the
    /// unpark of a thread that has woken the tasklet at that very moment.
    private static func timedParkerWait(_ prefix: String) -> ThreadModel<KernelParkingMemory>.Steps {
        let again = prefix + "again: "
        return parkerWait(prefix).dropLast() + [
            Step(prefix + "be asleep") { memory, me in
                guard memory.tasklets[me].isAsleep else { return .go(prefix + "is the parker set") }
                guard memory.tasklets[me].clock == .due else { return .wait }
                memory.tasklets[me].isAsleep = false
                return .next
            },
            // if (result < 0 && errno == ETIMEDOUT) return __atomic_exchange_n(parker, 0, __ATOMIC_ACQ_REL) != 0
            Step(prefix + "is the parker set at last") { memory, me in
                guard memory.tasklets[me].isParkerSet else { return .next }
                memory.tasklets[me].isParkerSet = false
                return .go(prefix + "continue")
            },
            // ConcurrentRunner.expireIfWaiting: withLock
            .lock(prefix + "late: lock"),
            // guard node.pointee.timer.isSet else { return false }; node.expire(); return runOn(node)
            .always(prefix + "time out") { memory, me in
                guard memory.tasklets[me].hasDeadline else { return }
                memory.withdraw(me)
                memory.setDeadline(me, false)
                memory.tasklets[me].hasTimedOut = true
                memory.tasklets[me].state = .running
            },
        ] + unlock(prefix + "late: ", then: prefix + "has it timed out") + [
            Step(prefix + "has it timed out") { memory, me in
                memory.tasklets[me].hasTimedOut ? .go(prefix + "continue") : .next
            }
        ] + parkerWait(again) + [label(again + "continue")]
    }
}
