// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// Says which tasklet a task of the runtime's own pool runs; see CSwitch/note.c.
///
/// The task carries its note as a task-local value. A thread remembers the note that it has come upon last, which is
/// found faster, and by signal handlers. Child tasks, and tasks that the tasklet makes, inherit the value; they are no
/// tasklets, and the note is not of them.
struct TaskNote: @unchecked Sendable {
    // SAFETY: the memory of notes is never given back, and what a note says is read by its own task only.
    let address: UnsafeMutablePointer<sw_note>

    @TaskLocal private static var own: TaskNote?

    /// Runs `body`, which runs the tasklet, in the calling task.
    @inline(never)
    static func run(_ node: NodePointer, _ body: () async -> Void) async {
        guard let task = sw_active_task() else { preconditionFailure("a tasklet's body runs in no task") }
        let note = TaskNote(address: sw_note_new(UInt(bitPattern: task), node, node.pointee.owner.pointee.identity))
        node.pointee.driverRecord = UnsafeMutableRawPointer(note.address)
        note.tellThread()
        await $own.withValue(note, operation: body)
    }

    /// The note of a tasklet that has started.
    init?(of node: NodePointer) {
        guard let record = node.pointee.driverRecord else { return nil }
        address = record.assumingMemoryBound(to: sw_note.self)
    }

    private init(address: UnsafeMutablePointer<sw_note>) { self.address = address }

    /// The calling thread is about to resume the tasklet's task.
    func resume() { sw_note_resume(address) }

    /// The runtime has resumed the task, on the calling thread.
    func resumed() {
        sw_note_resumed(address)
        tellThread()
    }

    /// The tasklet has ended.
    ///
    /// Before its node may be freed.
    func end() { sw_note_end(address) }

    /// The calling thread runs the tasklet, from now on.
    private func tellThread() {
        sw_guard_thread()
        sw_set_note(address)
    }

    /// The calling tasklet; nil for tasklets of other kinds, and outside any.
    static func callingNode() -> NodePointer? {
        if let note = sw_note_here() { return note.pointee.tasklet?.assumingMemoryBound(to: Node.self) }
        // The runtime has resumed the task on another thread, or this one has run another task meanwhile.
        guard let note = own, let task = sw_active_task(), sw_note_is_of(note.address, UInt(bitPattern: task)) else {
            return nil
        }
        note.tellThread()
        return note.address.pointee.tasklet?.assumingMemoryBound(to: Node.self)
    }
}
