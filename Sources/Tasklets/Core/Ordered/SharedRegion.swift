// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// The stack that the tasklets of an ordered scheduler share where it slices stacks; the loop runs on another.
///
/// All code in which a tasklet may wait is called through the region: turns, the runtime's jobs, and what other threads
/// leave to be called. Arguments are plain addresses, which nothing uses after a tasklet may have parked: the loop's
/// frames have gone on by then.
struct SharedRegion {
    /// Nil until the first run, and where stacks are not sliced.
    private(set) var address: OpaquePointer?

    /// Makes the region, unless it is there.
    ///
    /// Throws `system` when there is no memory, or no mapping left.
    mutating func prepare(size: Int) throws {
        if address == nil { address = sw_region_new(size) }
        guard let address, sw_region_prepare(address) else { throw SchedulerError.noRoom() }
    }

    func free() {
        if let address { sw_region_free(address) }
    }
}

extension OrderedLoop {
    /// Gives a tasklet its turn on the region.
    ///
    /// Returns when control is back in the loop.
    func execute(_ node: NodePointer, on region: OpaquePointer) {
        awayFromStack {
            if node.pointee.resumption == .slice, let slice = node.pointee.context.slice {
                node.pointee.state = .running
                sw_region_resume(region, slice, node)
            } else {
                sw_region_enter(region, Self.executeOnRegion, node)
            }
        }
        if !sw_region_is_prepared(region) { state.pointee.note(.needsStack, true) }
    }

    private static let executeOnRegion: @convention(c) (UnsafeMutableRawPointer?) -> Void = { argument in
        guard let node = argument?.assumingMemoryBound(to: Node.self) else { return }
        node.pointee.owner.pointee.core.orderedLoop.executeHere(node)
    }

    /// Leaves the loop's stack for the region.
    ///
    /// By a stack that is active, or none, a tasklet that parks knows which of the two it is on.
    @inline(__always) private func awayFromStack(_ body: () -> Void) {
        let mine = state.pointee.stacks.active
        state.pointee.stacks.active = nil
        body()
        state.pointee.stacks.active = mine
    }

    /// Runs a job where a tasklet may wait in it.
    func runInPlace(_ job: UnownedJob) {
        guard let region = state.pointee.region.address else { return state.run(job) }
        awayFromStack { sw_region_enter(region, Self.runOnRegion, UnsafeMutableRawPointer(bitPattern: job.task)) }
    }

    private static let runOnRegion: @convention(c) (UnsafeMutableRawPointer?) -> Void = { argument in
        guard let argument, let core = SchedulerCore.onThisThread else { return }
        core.state.run(unsafeBitCast(argument, to: UnownedJob.self))
    }

    /// Calls a function that another thread has left where a tasklet may wait in it.
    func callInPlace(_ body: @escaping @Sendable () -> Void) {
        guard let region = state.pointee.region.address else { return body() }
        let call = Unmanaged.passRetained(Call(body)).toOpaque()
        awayFromStack { sw_region_enter(region, Self.callOnRegion, call) }
    }

    private static let callOnRegion: @convention(c) (UnsafeMutableRawPointer?) -> Void = { argument in
        guard let argument else { return }
        Unmanaged<Call>.fromOpaque(argument).takeRetainedValue().body()
    }

    private final class Call {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

extension UnsafeMutablePointer<SchedulerState> {
    /// Leaves the tasklet's frames on the region, and returns to the loop.
    ///
    /// Called by the tasklet itself; returns when it has the processor again.
    /// Not inlined, so that the fast path of ``parkHard(_:_:)`` stays short.
    @inline(never) func parkSlice(_ node: NodePointer) {
        guard let region = pointee.region.address else { preconditionFailure("no stack is active, and no region") }
        pointee.fuel &-= 1
        sw_region_park(region, node.contextAddress)
    }

    /// Makes sure that the frames of a tasklet can be copied when it parks.
    func hasRoomForSlice() -> Bool {
        guard let region = pointee.region.address, sw_region_prepare(region) else { return false }
        pointee.note(.needsStack, false)
        return true
    }

    /// Frees what holds the frames of a tasklet that has ended, or is given up.
    func freeSlice(of node: NodePointer) {
        guard pointee.switching == .slice, let slice = node.pointee.context.slice else { return }
        node.pointee.context.slice = nil
        sw_slice_free(pointee.region.address, slice)
    }
}
