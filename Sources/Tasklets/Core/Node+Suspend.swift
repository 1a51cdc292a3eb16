// SPDX-License-Identifier: Apache-2.0

public import CSwitch

/// Parks the caller in `from` and hands the processor to `to`, or back to the loop. See CSwitch/soft.c.
@_silgen_name("sw_soft_park")
@usableFromInline func softPark(_ from: UnsafeMutablePointer<sw_context>, _ to: UnsafeMutablePointer<sw_context>?) async

/// How the running tasklet leaves the processor, once the ring is arranged. Returns when it has the processor again.
///
/// To be called by the tasklet itself, with the scheduler's lock held where there is one; the lock is released on the
/// way, and not held on return. Nobody can wake the tasklet before it is off the processor: on an ordered scheduler
/// because nobody else runs, on an unordered one because waking takes that lock, which is released by the loop that
/// the tasklet returned to, once its context is stored.
extension UnsafeMutablePointer<Node> {
    @inlinable @inline(__always) package func suspend(_ cause: Cause) async {
        let state = pointee.owner
        // Whoever runs on an actor suspends through the runtime, which lets the actor go.
        if #isolation != nil { return await suspendThroughRuntime(cause) }
        switch state.pointee.switching {
        case .soft: await softPark(contextAddress, state.departSoftly(self, cause))
        case .hard: state.parkHard(self, cause)
        case .continuation: await suspendThroughRuntime(cause)
        case .kernel: state.parkThread(self, cause)
        }
    }

    /// For synchronous code: nothing but the machine stack, or the thread, can be put aside.
    @usableFromInline package func suspendSynchronously(_ cause: Cause) {
        let state = pointee.owner
        if state.pointee.core.swapsStacks { state.parkHard(self, cause) } else { state.parkThread(self, cause) }
    }

    /// Makes sure that blocking hard will find a stack to go on with, while an error can still be thrown.
    @usableFromInline package func prepareToBlockThread(_ channel: ChannelPointer) throws {
        let state = pointee.owner
        guard state.pointee.core.swapsStacks, state.pointee.idleStacks == nil else { return }
        do { try state.pointee.core.addIdleStack() } catch {
            channel.leave(self)
            throw error
        }
    }

    @usableFromInline @inline(never) package func suspendThroughRuntime(_ cause: Cause) async {
        let state = pointee.owner
        await withUnsafeContinuation { continuation in
            pointee.continuation = continuation
            pointee.resumption = .continuation
            state.pointee.tally.count(cause, state.pointee.switching == .kernel ? .kernel : .continuation)
            sw_set_current(nil)
            // Woken right here by another thread, the runtime resumes it as soon as it is suspended.
            state.pointee.lock?.unlock()
        }
    }
}

extension UnsafeMutablePointer<SchedulerState> {
    /// Counts a soft switch, and finds whom to hand the processor to directly: nil sends it back to the loop.
    @usableFromInline
    package func departSoftly(_ node: NodePointer, _ cause: Cause) -> UnsafeMutablePointer<sw_context>? {
        node.pointee.resumption = .soft
        pointee.tally.count(cause, .soft)
        return nextSoftContext()
    }

    /// The context of the current tasklet, marked as running, if it can be resumed softly from where we are.
    package func nextSoftContext() -> UnsafeMutablePointer<sw_context>? {
        pointee.fuel &-= 1
        guard pointee.fuel > 0, let next = pointee.current else { return departToLoop() }
        switch next.pointee.resumption {
        case .soft:
            markRunning(next)
            return next.contextAddress
        case .fresh:
            guard let worker = pointee.idleWorkers else { return departToLoop() }
            pointee.idleWorkers = worker.pointee.next
            worker.bind(next)
            markRunning(next)
            return worker.contextAddress
        case .hard, .continuation, .job, .kernel:
            return departToLoop()
        }
    }

    private func departToLoop() -> UnsafeMutablePointer<sw_context>? {
        sw_set_current(nil)
        // An unordered scheduler's lock is held until the loop has the processor again.
        if !pointee.isOrdered { sw_set_holds_lock(true) }
        return nil
    }

    @inline(__always) package func markRunning(_ node: NodePointer) {
        node.pointee.state = .running
        sw_set_current(node)
    }

    /// Sets the running stack aside with the tasklet's frames on it, and goes on with the next tasklet, directly if it
    /// is parked hard too, else through a loop on another stack.
    @usableFromInline package func parkHard(_ node: NodePointer, _ cause: Cause) {
        node.pointee.resumption = .hard
        pointee.tally.count(cause, .hard)
        guard let mine = pointee.activeStack else { preconditionFailure("no stack is active") }
        node.pointee.context.stack = mine
        pointee.fuel &-= 1
        if pointee.fuel > 0, let next = pointee.current, next.pointee.resumption == .hard,
            let stack = next.pointee.context.stack
        {
            markRunning(next)
            pointee.activeStack = stack
            sw_stack_swap(mine, stack)
        } else {
            sw_set_current(nil)
            let stack = pointee.core.takeIdleStack()
            pointee.activeStack = stack
            sw_stack_swap(mine, stack)
        }
    }

    /// Blocks the thread until the tasklet has the processor again.
    @usableFromInline package func parkThread(_ node: NodePointer, _ cause: Cause) {
        node.pointee.resumption = .kernel
        pointee.tally.count(cause, .kernel)
        pointee.core.strategy.park(node)
    }
}
