// SPDX-License-Identifier: Apache-2.0

import Testing

/// Tasklets that are threads meet on a channel, in every order of their steps; and how it fails when one of the steps
/// is in the wrong place.
///
/// There are 20,000 states with three tasklets of two acts, and 80,000 with a kill and a deadline.
@Suite struct `Every order of parking threads and waking them` {
    private typealias Model = ThreadModel<KernelParkingMemory>

    private func explore(_ tasklets: [Model.Thread], _ others: Model.Thread...) -> Findings {
        let memory = KernelParkingMemory(tasklets: tasklets.count, others: others.count)
        return Model(memory, tasklets + others).explore()
    }

    @Test func `No tasklet sleeps while a partner waits, and every value arrives`() {
        let findings = explore([
            .tasklet("a", .send(1), .receive), .tasklet("b", .receive, .send(2)), .tasklet("c", .send(3), .receive),
        ])
        #expect(findings.fault == nil)
        #expect(findings.states > 10_000)
    }

    @Test func `The same holds when one is killed and its deadline passes, at any moment`() {
        let findings = explore(
            [.tasklet("a", .receiveUntilDeadline), .tasklet("b", .send(1), .send(2)), .tasklet("c", .receive)],
            .killer(of: 0),
            .clock(of: 0)
        )
        #expect(findings.fault == nil)
        #expect(findings.states > 50_000)
    }

    @Test func `Whatever wakes a tasklet, its parker is clear when it waits again`() {
        let findings = explore(
            [.tasklet("a", .receiveUntilDeadline, .receive), .tasklet("b", .send(1), .send(2))],
            .killer(of: 0),
            .clock(of: 0)
        )
        #expect(findings.fault == nil)
        #expect(findings.states > 5_000)
    }

    // MARK: Broken on purpose

    private let sender = Model.Thread.tasklet("sender", .send(1))
    private let receiver = Model.Thread.tasklet("receiver", .receive)
    private let punctual = Model.Thread.tasklet("receiver", .receiveUntilDeadline, .receive)

    @Test func `A lock that is released before its holder is in the queue loses a wake-up`() throws {
        let hasty = receiver.moving("1. parking: unlock", before: "1. enqueue")
        let fault = try #require(explore([sender, hasty]).fault)
        #expect(
            "\(fault)" == """
                lost wake-up: a sender and a receiver sleep on one channel, after:
                  receiver: 1. lock
                  receiver: 1. take a sender
                  receiver: 1. may I wait
                  receiver: 1. parking: unlock
                  sender: 1. lock
                  sender: 1. take a receiver
                  sender: 1. may I wait
                  sender: 1. enqueue
                  sender: 1. parking: unlock
                  sender: 1. parking: set a parker
                  sender: 1. is the parker set
                  sender: 1. sleep
                  receiver: 1. enqueue
                  receiver: 1. parking: set a parker
                  receiver: 1. is the parker set
                  receiver: 1. sleep
                """
        )
    }

    @Test func `A thread that goes to sleep without checking its parker again never wakes`() throws {
        let hasty = receiver.replacing("1. sleep") { memory, me in
            memory.tasklets[me].isAsleep = true
            return .next
        }
        let fault = try #require(explore([sender, hasty]).fault)
        #expect(fault.what == "a parker stays set, and the next wait would end at once")
        // It has been unparked already when it goes to sleep, and is not unparked again.
        #expect(fault.trace.last { $0.hasPrefix("receiver") } == "receiver: 1. sleep")
    }

    @Test func `A slot that is filled after its owner was woken is found empty`() throws {
        let hasty = sender.moving("1. fill its slot", before: "1. wake its thread")
        let fault = try #require(explore([receiver, hasty]).fault)
        #expect(
            "\(fault)" == """
                resumed with an empty slot, after:
                  receiver: 1. lock
                  receiver: 1. take a sender
                  receiver: 1. may I wait
                  receiver: 1. enqueue
                  receiver: 1. parking: unlock
                  receiver: 1. parking: set a parker
                  sender: 1. lock
                  sender: 1. take a receiver
                  sender: 1. unlock
                  sender: 1. set a parker
                  receiver: 1. is the parker set
                  receiver: 1. continue
                """
        )
    }

    @Test func `A tasklet woken at its deadline that does not wait for the unpark is in two lists at once`() throws {
        let hasty = punctual.replacing("1. has it timed out") { _, _ in .go("1. continue") }
        let fault = try #require(explore([hasty, sender], .clock(of: 0)).fault)
        #expect(fault.what == "its links are still in another list")
    }

    @Test func `A deadline that leaves its tasklet in the queue causes a second wake-up`() throws {
        let hasty = punctual.replacing("1. time out") { memory, me in
            memory.tasklets[me].hasTimedOut = true
            memory.tasklets[me].state = .running
            return .next
        }
        let fault = try #require(explore([hasty, sender], .clock(of: 0)).fault)
        #expect(fault.what == "double resume: a tasklet that did not wait is woken")
    }
}
