// SPDX-License-Identifier: Apache-2.0

public import CSwitch

/// Where an operation is called from, and so which part of its caller can be set aside.
@usableFromInline
package enum CallContext: UInt8 {
    /// An async function.
    case async
    /// A synchronous function: only its machine stack, or its thread, can be set aside.
    case synchronous
}

/// How the running tasklet continues once an operation has arranged the queues; see
/// ``Swift/UnsafeMutablePointer/perform(_:)``.
@usableFromInline
package struct SwitchPlan {
    @usableFromInline
    package enum Action: UInt8 {
        /// It keeps the processor.
        case proceed
        /// It keeps the processor, and releases the lock.
        case unlock
        /// It keeps the processor; its value moves from its slot into the channel's buffer, and the lock is released.
        case store
        /// It parks softly, and hands the processor to `target`.
        case parkSoft
        /// Its machine stack is set aside, and that of `target`'s tasklet continues, if it has one; or its frames are left on
        /// the region.
        case parkHard
        /// It suspends through the runtime.
        case suspend
        /// It releases the lock, and lets the runtime's pool run its other tasks, as `Task.yield` does.
        case yield
        /// Its thread blocks.
        case blockThread
    }

    @usableFromInline package var action: Action
    @usableFromInline package var target: SwitchTarget

    @inline(__always) init(_ action: Action, to target: SwitchTarget = .loop) {
        self.action = action
        self.target = target
    }

    /// It parks softly, and hands the processor to a tasklet that is parked softly, which runs from now on.
    @inline(__always) init(resuming next: NodePointer) {
        next.pointee.state = .running
        self.init(.parkSoft, to: SwitchTarget(next.contextAddress, next))
    }

    /// Its machine stack is set aside, and that of a tasklet that is parked hard continues, which runs from now on.
    @inline(__always) init(continuingStackOf next: NodePointer) {
        next.pointee.state = .running
        self.init(.parkHard, to: SwitchTarget(nil, next))
    }

    /// The operation has completed, and the lock is not held.
    @inline(__always) static var proceed: SwitchPlan { SwitchPlan(.proceed) }

    /// The operation has completed, and the lock is still to be released.
    @inline(__always) static var unlock: SwitchPlan { SwitchPlan(.unlock) }
}

/// What gets the processor from a tasklet that parks.
@usableFromInline
package struct SwitchTarget {
    /// Where it continues, if it is parked softly; nil otherwise, and for the loop.
    @usableFromInline package var context: UnsafeMutablePointer<sw_context>?
    /// The tasklet; nil for the loop.
    @usableFromInline package var node: NodePointer?

    @inline(__always) init(_ context: UnsafeMutablePointer<sw_context>?, _ node: NodePointer?) {
        self.context = context
        self.node = node
    }

    @inline(__always) static var loop: SwitchTarget { SwitchTarget(nil, nil) }
}
