// SPDX-License-Identifier: Apache-2.0

/// The buffer of a channel that has one.
///
/// Called in operations, with the scheduler's lock held, where there is one; the last step of the operation is here too,
/// and releases it.
extension Channel {
    /// Leaves a value, or an error, in the buffer, which has room for it.
    @usableFromInline func putIntoBuffer(_ content: Result<Element, any Error>, _ me: NodePointer) {
        putIntoSlot(content)
        state.answeredByBuffer(me, releasing: nil)
    }

    /// Takes what has waited longest, and gives the sender that has waited longest the room.
    @usableFromInline func takeFromBuffer(_ me: NodePointer) -> Result<Element, any Error> {
        let content = takeFromSlot()
        let sender = state.popSenderForBuffer()
        if let sender { putIntoSlot(sender.takeResult(as: Element.self)) }
        state.answeredByBuffer(me, releasing: sender)
        return content
    }

    func putIntoSlot(_ content: Result<Element, any Error>) {
        let slot = state.pointee.takeSlotForLast()
        slots.unsafelyUnwrapped.advanced(by: slot).initialize(to: content)
    }

    func takeFromSlot() -> Result<Element, any Error> {
        let slot = state.pointee.takeFirstSlot()
        return slots.unsafelyUnwrapped.advanced(by: slot).move()
    }
}
