// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a thread has to have to go on: of several threads that pass one around, only one runs.
final class Baton: @unchecked Sendable {
    // SAFETY: touched with the condition's lock held.
    private var isHere = false
    private let condition = NSCondition()

    /// Lets the thread go on that waits for it, or is about to.
    func give() {
        condition.withLock {
            isHere = true
            condition.signal()
        }
    }

    /// Waits until somebody gives it.
    func take() {
        condition.withLock {
            while !isHere { condition.wait() }
            isHere = false
        }
    }
}

/// A thread that works when it is told to, and stops in between, or in the middle of its work.
final class PuppetThread: @unchecked Sendable {
    // SAFETY: touched by whoever has the baton.
    private var thread: Thread?
    private var work: (() -> Void)?
    private let mine = Baton()
    private let controller: Baton
    /// Its work is done.
    private(set) var isIdle = true

    /// - Parameter controller: what the thread that gives orders waits for.
    init(controller: Baton) {
        self.controller = controller
        let thread = Thread { self.main() }
        thread.stackSize = 1 << 20
        self.thread = thread
        thread.start()
    }

    private func main() {
        while true {
            mine.take()
            guard let work = work.take() else { return thread = nil }
            work()
            isIdle = true
            controller.give()
        }
    }

    // MARK: By the controller

    /// Has the thread do some work, and waits until it stops.
    func perform(_ work: @escaping () -> Void) {
        self.work = work
        isIdle = false
        proceed()
    }

    /// Lets the thread go on from where it has stopped, and waits until it stops again.
    func proceed() {
        mine.give()
        controller.take()
    }

    /// Lets the thread end, once it is idle.
    func finish() { mine.give() }

    // MARK: By the thread

    /// Whether the calling thread is this one.
    var isCurrent: Bool { Thread.current == thread }

    /// Stops until the controller lets it go on.
    func stop() {
        controller.give()
        mine.take()
    }
}
