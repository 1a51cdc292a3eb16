// SPDX-License-Identifier: Apache-2.0

import Backends
import TestSupport
import Testing
import Workloads

/// Every edge case of waiting for a callback, in every style, on every scheduler.
///
/// None has a time limit: where a style deadlocks by nature, the scheduler finds that out.
@Suite struct `Edge cases of waiting for a callback` {
    @Test(arguments: Configuration.waitingSynchronously, DeadlockCase.allCases)
    func `Each ends in a value, or in an error that names what has happened`(
        configuration: Configuration,
        edgeCase: DeadlockCase
    ) async throws {
        for style in WaitStyle.allCases {
            let scheduler = try configuration.makeScheduler()
            let outcome = try await onItsOwnThread { edgeCase.outcome(style, on: scheduler) }
            let expectation = edgeCase.expectation(style, hasReactor: configuration.backend != .threadPerTask)
            #expect(expectation.matches(outcome), "\(style): \(expectation), and not \(outcome)")
        }
    }

    @Test func `An expectation is not met by another outcome`() {
        #expect(!DeadlockExpectation.value("7").matches(.value("8")))
        #expect(!DeadlockExpectation.value("7").matches(.error("7")))
        #expect(!DeadlockExpectation.error("stopped").matches(.error("killed")))
        #expect(!DeadlockExpectation.deadlock(["waiter": "a sender"]).matches(.deadlock([])))
        #expect(!DeadlockExpectation.unsupported.matches(.value("7")))
    }
}
