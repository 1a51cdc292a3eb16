// SPDX-License-Identifier: Apache-2.0

import Testing

/// Threads inject jobs into a loop, in every order of their steps; and how it fails when one of the steps is in the
/// wrong place.
///
/// With two threads and two jobs each there are some 25,000 states; where turns are dispatched, 3,000.
@Suite struct `Every order of injecting jobs into a loop` {
    private typealias Model = ThreadModel<WakeUpMemory>

    private func explore(
        _ loop: Model.Thread,
        _ producers: [Model.Thread],
        jobs: Int,
        _ others: Model.Thread...,
        readsBack: Bool = false
    ) -> Findings {
        let memory = WakeUpMemory(producers: producers.count, jobsEach: jobs, readsBack: readsBack)
        return Model(memory, [loop] + producers + others).explore()
    }

    @Test(arguments: [true, false])
    func `No job is left behind while the loop waits`(readsBack: Bool) {
        let findings = explore(
            .loop(readsBack: readsBack),
            [.producer(1, jobs: 2), .producer(2, jobs: 2)],
            jobs: 2,
            readsBack: readsBack
        )
        #expect(findings.fault == nil)
        #expect(findings.states > 20_000)
    }

    @Test func `None is left behind where turns are dispatched, and at most one turn is pending`() {
        let findings = explore(.turns, [.dispatchingProducer(1, jobs: 2), .dispatchingProducer(2, jobs: 2)], jobs: 2)
        #expect(findings.fault == nil)
        #expect(findings.states > 2_000)
    }

    // MARK: Broken on purpose

    @Test func `A loop that looks for work before it announces its wait loses a wake-up`() throws {
        let loop = Model.Thread.loop(readsBack: true).moving("look for work", before: "announce the wait")
        let fault = try #require(explore(loop, [.producer(1, jobs: 1)], jobs: 1).fault)
        #expect(
            "\(fault)" == """
                lost wake-up: 1 of 1 jobs have not been taken, after:
                  loop: is there a flag
                  loop: is there more to come
                  loop: look for work
                  producer 1: 1. append
                  producer 1: 1. set the flag
                  producer 1: 1. does it wait
                  loop: announce the wait
                  producer 1: 1. write to the eventfd
                """
        )
    }

    @Test func `A loop that does not count the writes leaves a late one, which would end every later wait`() throws {
        let loop = Model.Thread.loop(readsBack: true).readingOnce()
        let fault = try #require(explore(loop, [.producer(1, jobs: 1)], jobs: 1, readsBack: true).fault)
        #expect(fault.what == "1 writes are left, 0 expected")
    }

    @Test func `So does a loop whose announcement has not reached memory when it looks`() throws {
        let loop = Model.Thread.loop(readsBack: true).storingLate()
        let fault = try #require(explore(loop, [.producer(1, jobs: 1)], jobs: 1, .storeBuffer).fault)
        #expect(
            "\(fault)" == """
                lost wake-up: 1 of 1 jobs have not been taken, after:
                  loop: is there a flag
                  loop: is there more to come
                  loop: announce the wait, some time
                  loop: look for work
                  producer 1: 1. append
                  producer 1: 1. set the flag
                  producer 1: 1. does it wait
                  producer 1: 1. write to the eventfd
                  store buffer: the announcement arrives
                """
        )
    }

    @Test func `So does a loop that empties the queue before it clears the flag`() throws {
        let loop = Model.Thread.loop(readsBack: true).moving("empty the queue", before: "clear the flag")
        let fault = try #require(explore(loop, [.producer(1, jobs: 1), .producer(2, jobs: 1)], jobs: 1).fault)
        #expect(fault.what == "lost wake-up: 1 of 2 jobs have not been taken")
    }

    @Test func `A thread that sets the flag before it adds the job loses the wake-up`() throws {
        let early = Model.Thread.producer(1, jobs: 1).moving("1. set the flag", before: "1. append")
        let fault = try #require(explore(.loop(readsBack: true), [early], jobs: 1).fault)
        #expect(fault.what == "lost wake-up: 1 of 1 jobs have not been taken")
    }

    @Test func `A turn that clears its pending flag only at its end leaves a job behind`() throws {
        let turns = Model.Thread.turns.moving("no turn is pending", before: "end the turn")
        let dispatchers = [1, 2].map { Model.Thread.dispatchingProducer($0, jobs: 1) }
        let fault = try #require(explore(turns, dispatchers, jobs: 1).fault)
        #expect(fault.what == "lost wake-up: 1 of 2 jobs have not been taken")
    }
}
