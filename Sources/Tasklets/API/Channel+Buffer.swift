// SPDX-License-Identifier: Apache-2.0

/// The buffer of a channel that has one.
///
/// Called in operations, with the scheduler's lock held; the first two complete the operation, and release it.
extension Channel {
    /// Stores what `fill` puts into a slot in the buffer, which has room for it.
    @usableFromInline func putIntoBuffer(_ me: NodePointer, _ fill: (NodePointer) -> Void) -> SwitchPlan {
        fill(me)
        appendToBuffer(me.takeResult(as: Element.self))
        state.completeFromBuffer(me, releasing: nil)
        return .proceed
    }

    /// Moves the oldest value into the caller's slot, and the value of the oldest sender into the buffer.
    @usableFromInline func takeFromBuffer(_ me: NodePointer) -> SwitchPlan {
        me.put(result: takeFirstFromBuffer())
        let sender = state.popSenderForBuffer()
        if let sender { appendToBuffer(sender.takeResult(as: Element.self)) }
        state.completeFromBuffer(me, releasing: sender)
        return .proceed
    }

    private func appendToBuffer(_ content: Result<Element, any Error>) {
        let slot = state.pointee.takeSlotForLast()
        slots.unsafelyUnwrapped.advanced(by: slot).initialize(to: content)
    }

    func takeFirstFromBuffer() -> Result<Element, any Error> {
        let slot = state.pointee.takeFirstSlot()
        return slots.unsafelyUnwrapped.advanced(by: slot).move()
    }
}
