// SPDX-License-Identifier: Apache-2.0

public import CSwitch

/// Parks the caller in `from` and hands the processor to `to`, or back to the loop; `current` has it then.
///
/// See CSwitch/soft.c.
@_silgen_name("sw_soft_park")
@usableFromInline func softPark(
    _ from: UnsafeMutablePointer<sw_context>,
    _ to: UnsafeMutablePointer<sw_context>?,
    _ current: NodePointer?
) async

/// Who gets the processor straight from a tasklet that parks softly.
@usableFromInline
package struct Successor {
    /// Where it goes on, parked softly; nil for the loop.
    @usableFromInline package var context: UnsafeMutablePointer<sw_context>?
    /// The tasklet; nil for the loop.
    @usableFromInline package var node: NodePointer?

    @inline(__always) init(_ context: UnsafeMutablePointer<sw_context>?, _ node: NodePointer?) {
        self.context = context
        self.node = node
    }

    /// Nobody: the loop has it back.
    @inline(__always) static var loop: Successor { Successor(nil, nil) }
}

/// Where an operation was called.
@usableFromInline
package enum Manner: UInt8 {
    /// In an async function.
    case plain
    /// In an async function that runs on an actor.
    ///
    /// It has to suspend through the runtime, which lets the actor go.
    case onActor
    /// In a synchronous function: only the machine stack, or the thread, can be put aside.
    case synchronous

    @inlinable package init(isolation: (any Actor)?) { self = isolation == nil ? .plain : .onActor }
}

/// How an operation that was arranged goes on.
@usableFromInline
package struct Departure {
    @usableFromInline
    package enum Manner: UInt8 {
        /// The caller keeps the processor.
        case stay
        /// It does so, and releases the lock.
        case unlock
        /// It parks softly, and hands the processor to `next`, or back to the loop.
        case soft
        /// Its stack is set aside.
        case hard
        /// It suspends through the runtime.
        case throughRuntime
        /// It does so from an actor, which lets the actor go.
        case fromActor
        /// Its thread blocks.
        case thread
    }

    @usableFromInline package var manner: Manner
    @usableFromInline package var next: Successor

    @inline(__always) init(_ manner: Manner, to next: Successor = .loop) {
        self.manner = manner
        self.next = next
    }
}

/// How the running tasklet leaves the processor, once the ring is arranged.
///
/// Returns when it has the processor again.
///
/// To be called by the tasklet itself, with the scheduler's lock held where there is one; the lock is released on the
/// way, and not held on return. Nobody can wake the tasklet before it is off the processor: on an ordered scheduler
/// because nobody else runs, on an unordered one because waking takes that lock, which is released by the loop that
/// the tasklet returned to, once its context is stored.
extension UnsafeMutablePointer<Node> {
    @inlinable @inline(__always) package func leave(_ departure: Departure) async {
        if departure.manner == .soft {
            await softPark(contextAddress, departure.next.context, departure.next.node)
        } else if departure.manner == .hard {
            pointee.owner.parkHard(self)
        } else if departure.manner != .stay {
            await leaveOtherwise(departure.manner)
        }
    }

    @usableFromInline @inline(never) package func leaveOtherwise(_ manner: Departure.Manner) async {
        switch manner {
        case .stay, .soft, .hard: break
        case .unlock: unlock()
        case .thread: parkThread()
        case .throughRuntime: await suspendThroughRuntime(isOnActor: false)
        case .fromActor: await suspendThroughRuntime(isOnActor: true)
        }
    }

    /// For synchronous code: nothing but the machine stack, or the thread, can be put aside.
    @usableFromInline package func leaveSynchronously(_ departure: Departure) {
        switch departure.manner {
        case .stay: break
        case .unlock: unlock()
        case .hard: pointee.owner.parkHard(self)
        case .soft, .throughRuntime, .fromActor, .thread: parkThread()
        }
    }

    private func unlock() { pointee.owner.pointee.lock?.unlock() }

    private func parkThread() { pointee.owner.pointee.core.strategy.park(self) }

    /// Makes sure that blocking hard will find a stack to go on with, while an error can still be thrown.
    @usableFromInline package func prepareToBlockThread(_ channel: ChannelPointer) throws {
        let core = pointee.owner.pointee.core
        guard core.swapsStacks, core.state.pointee.idleStacks == nil || !core.knowsRuntime else { return }
        do {
            if !core.knowsRuntime { throw SchedulerError.unknownRuntime() }
            try core.addIdleStack()
        } catch {
            channel.leave(self)
            throw error
        }
    }

    /// The public road.
    @inline(never) private func suspendThroughRuntime(isOnActor: Bool) async {
        await withUnsafeContinuation { publish($0, isOnActor: isOnActor) }
    }

    /// Lets others resume the tasklet, which is about to suspend through the runtime.
    ///
    /// - Parameter isOnActor: whether it runs on an actor, whose other jobs may run on this thread before control is
    ///   back in the loop.
    private func publish(_ continuation: UnsafeContinuation<Void, Never>, isOnActor: Bool) {
        pointee.continuation = continuation
        if isOnActor { sw_set_current(nil) }
        let state = pointee.owner
        guard !state.pointee.isOrdered else { return }
        state.pointee.core.resolveStallIfUnordered()
        // The lock stays held for the loop, so that nobody can resume the tasklet before it has suspended. On an actor
        // it cannot, for the actor's next job may want it; there, claims sort out what then may happen.
        if isOnActor { state.pointee.lock?.unlock() } else { sw_set_holds_lock(true) }
    }
}

extension UnsafeMutablePointer<SchedulerState> {
    /// Counts a switch, decides how the tasklet leaves the processor, and marks the next one as running where control
    /// goes straight to it.
    ///
    /// Without a cause nothing is counted: on a trip through the loop and back.
    @inline(__always)
    package func depart(_ node: NodePointer, _ cause: Cause?, _ manner: Manner) -> Departure {
        if pointee.switching == .soft, manner == .plain {
            node.pointee.resumption = .soft
            if !pointee.specialCases.isEmpty, cause != nil { noteDeparture(of: node) }
            if let cause { pointee.tally.count(cause, .soft) }
            return Departure(.soft, to: successor())
        }
        return departOtherwise(node, cause, manner)
    }

    /// What is to be seen of a switch, before it happens.
    ///
    /// A callback may wake the tasklet, which is known to be resumable by now.
    @inline(never) private func noteDeparture(of node: NodePointer) {
        node.pointee.checkpoints = 0
        pointee.core.wakeIfLast()
        pointee.core.notifyScheduleCallback(node)
    }

    @inline(never)
    private func departOtherwise(_ node: NodePointer, _ cause: Cause?, _ manner: Manner) -> Departure {
        let resumption = otherResumption(manner)
        node.pointee.resumption = resumption
        if !pointee.specialCases.isEmpty, cause != nil { noteDeparture(of: node) }
        switch resumption {
        case .hard:
            if let cause { pointee.tally.count(cause, .hard) }
            return Departure(.hard)
        case .kernel:
            if let cause { pointee.tally.count(cause, .kernel) }
            return Departure(.thread)
        default:
            if let cause { pointee.tally.count(cause, .continuation) }
            pointee.fuel &-= 1
            if !pointee.isOrdered { pointee.core.giveUpClaim() }
            return Departure(manner == .onActor ? .fromActor : .throughRuntime)
        }
    }

    private func otherResumption(_ manner: Manner) -> Resumption {
        switch manner {
        case .synchronous: pointee.core.swapsStacks ? .hard : .kernel
        case .onActor: .continuation
        case .plain:
            switch pointee.switching {
            case .hard: .hard
            case .kernel: .kernel
            case .soft, .continuation: .continuation
            }
        }
    }

    /// The current tasklet, marked as running, if it can be resumed softly from where we are.
    @inline(__always) package func successor() -> Successor {
        pointee.fuel &-= 1
        guard pointee.fuel > 0, let next = pointee.current else { return departToLoop() }
        if next.pointee.resumption == .soft {
            next.pointee.state = .running
            return Successor(next.contextAddress, next)
        }
        return startDirectly(next)
    }

    /// A tasklet that has not run yet can start on a task that waits for one.
    @inline(never) private func startDirectly(_ next: NodePointer) -> Successor {
        guard next.pointee.resumption == .fresh, let worker = pointee.idleWorkers else { return departToLoop() }
        pointee.idleWorkers = worker.pointee.next
        worker.bind(next)
        next.pointee.state = .running
        return Successor(worker.contextAddress, next)
    }

    @inline(never) private func departToLoop() -> Successor {
        if !pointee.isOrdered { pointee.core.giveUpClaim() }
        // An unordered scheduler's lock is held until the loop has the processor again.
        if !pointee.isOrdered { sw_set_holds_lock(true) }
        return .loop
    }

    /// The tasklet has the processor, from now on.
    @inline(__always) package func markRunning(_ node: NodePointer) {
        node.pointee.state = .running
        sw_set_current(node)
    }

    /// Sets the running stack aside with the tasklet's frames on it, and goes on with the next tasklet, directly if it
    /// is parked hard too, else through a loop on another stack.
    @usableFromInline package func parkHard(_ node: NodePointer) {
        guard let mine = pointee.activeStack else { preconditionFailure("no stack is active") }
        node.pointee.context.stack = mine
        pointee.fuel &-= 1
        if pointee.fuel > 0, let next = pointee.current, next.pointee.resumption == .hard,
            let stack = next.pointee.context.stack
        {
            next.pointee.state = .running
            // A callback has woken it as it was about to leave.
            if next == node { return }
            pointee.activeStack = stack
            sw_stack_swap(mine, stack, next)
        } else {
            let stack = pointee.core.takeIdleStack()
            pointee.activeStack = stack
            sw_stack_swap(mine, stack, nil)
        }
    }
}
