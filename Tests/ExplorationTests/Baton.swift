// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Of several threads that pass a baton around, only the one that holds it runs.
final class Baton: @unchecked Sendable {
    // SAFETY: touched with the condition's lock held.
    private var isHere = false
    private let condition = NSCondition()

    /// Lets the thread that waits for the baton, or is about to, continue.
    func give() {
        condition.withLock {
            isHere = true
            condition.signal()
        }
    }

    /// Waits until another thread gives the baton.
    func take() {
        condition.withLock {
            while !isHere { condition.wait() }
            isHere = false
        }
    }
}

/// A thread that works when it is told to, and stops between pieces of work, or within one.
final class PuppetThread: @unchecked Sendable {
    // SAFETY: touched only by the thread that holds the baton.
    private var thread: Thread?
    private var work: (() -> Void)?
    private let mine = Baton()
    private let controller: Baton
    /// Whether its work is done.
    private(set) var isIdle = true

    /// - Parameter controller: the baton of the thread that gives orders.
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

    /// Lets the thread do some work, and waits until it stops.
    func perform(_ work: @escaping () -> Void) {
        self.work = work
        isIdle = false
        proceed()
    }

    /// Lets the thread continue from where it stopped, and waits until it stops again.
    func proceed() {
        mine.give()
        controller.take()
    }

    /// Lets the thread end, once it is idle.
    func finish() { mine.give() }

    // MARK: By the thread

    /// Whether the calling thread is this one.
    var isCurrent: Bool { Thread.current == thread }

    /// Stops until the controller lets it continue.
    func stop() {
        controller.give()
        mine.take()
    }
}
