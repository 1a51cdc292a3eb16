// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// What there is to do after a turn.
package enum TurnOutcome: Sendable {
    /// A tasklet is ready: another turn is due.
    case ready
    /// No tasklet is ready, but one may become so.
    case waiting
    /// All have ended.
    case finished
}

/// Running one turn at a time, for a driver that does not own a loop.
extension OrderedLoop {
    /// Gives the processor to the current tasklet, on the calling thread, until it leaves it.
    ///
    /// Turns must not overlap.
    package func takeTurn() -> TurnOutcome {
        ThreadScope.run(core) {
            turn()
            return outcome()
        }
    }

    /// What there is to do after a turn that another thread has taken for the calling one.
    package func outcomeOfTurn() -> TurnOutcome { ThreadScope.run(core) { outcome() } }

    private func turn() {
        poll()
        if let node = state.pointee.runQueue.current { give(node) }
    }

    private func give(_ node: NodePointer) {
        nonisolated(unsafe) let node = node
        guard core.parksSoftly else {
            execute(node)
            return noteSuspension()
        }
        // A tasklet that was parked softly needs a job below it.
        core.inNewJob {
            self.execute(node)
            self.noteSuspension()
        }
    }

    private func outcome() -> TurnOutcome {
        while true {
            if state.pointee.runEnd.isFinished {
                core.endTasks()
                return .finished
            }
            if state.pointee.runQueue.current != nil || !jobs.isEmpty { return .ready }
            guard state.canStillWake else {
                state.resolveStall()
                continue
            }
            if hasInjections { return .ready }
            state.pointee.records.takeReturned()
            if state.pointee.taskPool.surplus == 0 { return .waiting }
            // Another turn ends more, if nothing else has come.
            core.inLoopJob { self.core.endSurplusTasks() }
            return .ready
        }
    }

    /// A thread that had lent the scheduler to another, or borrowed it, continues with this tasklet, or with none.
    package func continueOnThisThread(with node: NodePointer?) {
        sw_set_current(node)
        node?.pointee.state = .running
    }
}
