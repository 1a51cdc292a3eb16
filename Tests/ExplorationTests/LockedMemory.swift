// SPDX-License-Identifier: Apache-2.0

/// Shared memory, part of which a lock protects.
protocol LockedMemory: SharedMemory {
    /// The thread that holds the lock.
    var holder: Int? { get set }
    var fault: String? { get set }
}

extension LockedMemory {
    mutating func unlock(_ thread: Int) {
        if holder != thread { fault = "the lock is released by a thread that does not hold it" }
        holder = nil
    }
}

extension Step where Memory: LockedMemory {
    static func lock(_ name: String) -> Self {
        Step(name) { memory, me in
            guard memory.holder == nil else { return .wait }
            memory.holder = me
            return .next
        }
    }

    static func unlock(_ name: String) -> Self { .always(name) { memory, me in memory.unlock(me) } }
}
