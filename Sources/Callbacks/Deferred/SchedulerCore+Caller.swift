// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

extension SchedulerCore {
    /// The scheduler of the calling tasklet; nil outside any, and in an actor, which may run on a thread that is not
    /// the scheduler's.
    static var ofCaller: SchedulerCore? { currentNode().map(\.pointee.owner.pointee.core) }
}
