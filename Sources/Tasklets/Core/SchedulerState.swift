// SPDX-License-Identifier: Apache-2.0

package import CSwitch

/// The part of a scheduler that every operation touches, reached by pointer so that nothing is retained on the way.
///
/// Invariants of an ordered scheduler: the ring holds exactly the tasklets in state `ready` or `running`; `current` is a
/// member of it, and nil only when it is empty; at most one tasklet is `running`, and that is `current`.
/// Invariants of an unordered one: `current` is nil, and the strategy keeps those in state `ready`; every field is read
/// and written under `lock`.
@usableFromInline
package struct SchedulerState {
    /// The tasklet whose turn it is.
    @usableFromInline package var current: NodePointer?
    /// How many tasklets are ready or running: on an ordered scheduler, the members of the ring.
    @usableFromInline package var ringCount = 0
    /// How many more switches may go straight from tasklet to tasklet before the loop looks at the outside world.
    @usableFromInline package var fuel = 0
    @usableFromInline package let switching: Switching
    @usableFromInline package let isOrdered: Bool
    /// What operations have to look at beyond the rule; mostly nothing.
    ///
    /// On an unordered scheduler it never changes, since it is read without the lock: there, all is always looked at.
    @usableFromInline package private(set) var specialCases: SpecialCases
    /// Held around every operation of an unordered scheduler; nil on an ordered one, which runs one tasklet at a time.
    @usableFromInline package let lock: Lock?

    /// Switches, by cause and mechanism.
    @usableFromInline package let tally: Tally
    @usableFromInline package var noSwitch: UInt64 = 0

    /// The main tasklet, until it has ended.
    package var main: NodePointer?
    package var alive: NodePointer?
    package var aliveCount = 0
    package var lastID: UInt64 = 0
    /// How many wait with a deadline, for nothing else or for something else too.
    package var deadlineCount = 0
    /// How many wait for a value that may come from any thread.
    package var awaitingCount = 0
    /// How many perform operations that have to wait.
    package var operationCount = 0
    /// On an unordered scheduler: how many wait for others to leave the processor.
    package var watchingCount = 0
    /// How many have their block trap set.
    package var blockTrapCount = 0 {
        didSet { note(.blockTrap, blockTrapCount > 0) }
    }
    /// How many the Swift runtime has suspended and will bring back.
    package var externalCount = 0

    package var idleWorkers: WorkerPointer?
    package var activeStack: UnsafeMutablePointer<sw_stack>?
    package var idleStacks: UnsafeMutablePointer<sw_stack>? {
        didSet { note(.needsStack, needsStack) }
    }
    /// How many tasklets have an error to throw when they would next leave the processor.
    package var awaitedInterruptions = 0 {
        didSet { note(.awaitedInterruption, awaitedInterruptions > 0) }
    }
    /// Where a profile is taken: what its tasklets are labelled with.
    var recentLabels = RecentLabels()
    /// The scheduler around this state, which lives longer.
    package unowned(unsafe) let core: SchedulerCore

    package init(core: SchedulerCore, switching: Switching, isOrdered: Bool, isRuntimeKnown: Bool) {
        self.core = core
        self.switching = switching
        self.isOrdered = isOrdered
        specialCases = isOrdered ? [] : .unordered
        self.lock = isOrdered ? nil : Lock { [unowned core] in core.strategy.rise($0) }
        self.tally = Tally()
        note(.unknownRuntime, !isRuntimeKnown)
        note(.needsStack, needsStack)
    }

    mutating func note(_ special: SpecialCases, _ isPresent: Bool) {
        guard isOrdered else { return }
        if isPresent { specialCases.insert(special) } else { specialCases.remove(special) }
    }

    /// Whether a tasklet that leaves the processor hard would find no stack to go on with.
    package var needsStack: Bool { switching == .hard && isOrdered && idleStacks == nil }
}

@usableFromInline package typealias StatePointer = UnsafeMutablePointer<SchedulerState>

extension UnsafeMutablePointer<SchedulerState> {
    /// Runs `body` with the lock held, where there is one.
    func withLock<R>(_ body: () throws -> R) rethrows -> R {
        pointee.lock?.lock()
        defer { pointee.lock?.unlock() }
        return try body()
    }
}

/// A table of switch counts, one cell a cause and mechanism.
///
/// Its memory belongs to the scheduler.
@usableFromInline
package struct Tally {
    @usableFromInline package let cells: UnsafeMutablePointer<UInt64>

    package init() {
        cells = .allocate(capacity: Self.size)
        cells.initialize(repeating: 0, count: Self.size)
    }

    package func deallocate() { cells.deallocate() }

    @inlinable package func count(_ cause: Cause, _ mechanism: Mechanism) {
        cells[Int(cause.rawValue) &* 4 &+ Int(mechanism.rawValue)] &+= 1
    }

    private static var size: Int { SwitchCause.allCases.count * Switching.allCases.count }

    /// Adds the cells up by mechanism and by cause.
    package func snapshot(into counters: inout SchedulerCounters) {
        for (row, cause) in SwitchCause.allCases.enumerated() {
            for (column, mechanism) in Switching.allCases.enumerated() {
                let count = cells[row * Switching.allCases.count + column]
                counters.causes[cause, default: 0] += count
                counters.switches[mechanism, default: 0] += count
            }
        }
    }
}

/// ``SwitchCause`` as a row of the tally, in the same order.
@usableFromInline
package enum Cause: UInt8 {
    case send, receive, schedule, sleep, io, join, oneShot, kill, preemption, end
}

/// ``Switching`` as a column of the tally, in the same order.
@usableFromInline
package enum Mechanism: UInt8 {
    case soft, hard, continuation, kernel
}
