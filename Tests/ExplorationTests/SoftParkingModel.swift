// SPDX-License-Identifier: Apache-2.0

/// How a tasklet parks softly where several threads run tasklets: the lock that it takes stays held until its thread is
/// back in the loop, `ConcurrentRunner`; and how workers are activated and become idle, `ConcurrentDispatchScheduler`.
///
/// Code that takes the lock and releases it again is one step. But a tasklet that parks holds the lock for several
/// steps, since other threads may meanwhile run code that needs no lock. Each step quotes the code that it stands for.
extension ThreadModel.Thread where Memory == SoftParkingMemory {
    static func worker(_ number: Int) -> Self {
        Self(name: "worker \(number)", steps: takingATurn + acting + parking + ending + endingTheTurn)
    }

    /// The worker, until the tasklet has the processor.
    private static var takingATurn: ThreadModel<SoftParkingMemory>.Steps {
        [
            // ConcurrentDispatchScheduler.dispatchTurn: queue.async { [self] in turn(on: queue) }
            Step("begin a turn") { memory, _ in
                guard memory.dispatched > 0 else { return .wait }
                memory.dispatched -= 1
                return .next
            },
            // turn: runner.lock(); if let node = readyTasklets.popFirst() { node.pointee.state = .running;
            // runner.unlock() ...
            Step("take a ready tasklet") { memory, me in
                guard memory.holder == nil else { return .wait }
                guard !memory.ready.isEmpty else {
                    memory.activeWorkers -= 1
                    return .go("begin a turn")
                }
                memory.takeReady(me)
                return .next
            },
            // ConcurrentRunner.execute: state.pointee.lock.lock(); ...; claim(node); state.pointee.lock.unlock()
            Step("claim it") { memory, me in
                guard memory.holder == nil else { return .wait }
                memory.claim(memory.current[me])
                return .next
            },
            // sw_resume(node.contextAddress)
            .always("resume it") { memory, me in memory.resume(memory.current[me]) },
        ]
    }

    private static var acting: ThreadModel<SoftParkingMemory>.Steps {
        [
            // ChannelState.enterSpecialCase; planSend: handOver, then holder.put(element); or planReceive: takeOver,
            // then sender.moveSlot(to: me); Node.perform(plan), which releases the lock
            Step("look for a partner") { memory, me in
                guard memory.holder == nil else { return .wait }
                guard !memory.tasklets[memory.current[me]].acts.isEmpty else { return .go("end it") }
                if memory.handOver(memory.current[me]) { return .go("look for a partner") }
                memory.holder = me
                return .next
            }
        ]
    }

    private static var parking: ThreadModel<SoftParkingMemory>.Steps {
        [
            // ChannelState.checkAndWait: enqueue(me, direction); planSwitch, which ends in
            // ConcurrentRunner.willReturnToLoop:
            // claims.release(); sw_set_holds_lock(true)
            .always("wait") { memory, me in
                memory.enqueue(memory.current[me])
                memory.releaseClaim(memory.current[me])
                memory.holdsLock[me] = true
            },
            // sw_soft_park stores from->frame
            Step("store its context") { memory, me in
                memory.tasklets[memory.current[me]].isContextStored = true
                return .go("return to the loop")
            },
        ]
    }

    private static var ending: ThreadModel<SoftParkingMemory>.Steps {
        [
            // SchedulerState.finish: pointee.lock.lock(); runner.willEnd(node), which calls claims.release(); end(node,
            // failure). It returns with the lock held, for the loop.
            Step("end it") { memory, me in
                guard memory.holder == nil else { return .wait }
                memory.tasklets[memory.current[me]].state = .ended
                memory.releaseClaim(memory.current[me])
                memory.holder = me
                memory.holdsLock[me] = true
                return .go("keep its lock")
            }
        ]
    }

    /// The worker, after the tasklet has left the processor.
    private static var endingTheTurn: ThreadModel<SoftParkingMemory>.Steps {
        [
            .always("return to the loop") { _, _ in },
            // ConcurrentRunner.lockAndNoteSuspension: if sw_holds_lock() { ...; return sw_set_holds_lock(false) }
            .always("keep its lock") { memory, me in
                if !memory.holdsLock[me] { memory.fault = "back in the loop without the lock" }
                memory.holdsLock[me] = false
            },
            // turn: if readyTasklets.first != nil, activeWorkers <= workers { dispatchTurn(on: queue) }
            // else { activeWorkers -= 1; ... }; runner.unlock()
            Step("end the turn") { memory, me in
                if memory.ready.isEmpty { memory.activeWorkers -= 1 } else { memory.dispatched += 1 }
                memory.unlock(me)
                return .go("begin a turn")
            },
        ]
    }
}
