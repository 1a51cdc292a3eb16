// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// A tasklet whose result main waits for.
struct Waiter<Value: Sendable>: Sendable {
    let tasklet: Tasklet
    private let place: OneShot<Value>

    /// Runs `body` in a tasklet, whose error goes to main.
    init(
        _ name: String = "waiter",
        file: StaticString = #fileID,
        line: UInt = #line,
        _ body: @escaping @Sendable () async throws -> Value
    ) {
        let place = OneShot<Value>()
        self.place = place
        tasklet = Tasklet.spawn(name, file: file, line: line) { place.fulfill(try await body()) }
    }

    /// Waits for its end, and returns its value.
    ///
    /// Throws the tasklet's error, in main.
    func value() async throws -> Value {
        try await tasklet.join()
        if let result = place.result { return try result.get() }
        // The error was on its way when the tasklet had ended: main's next suspension throws it.
        try await Tasklet.schedule()
        throw DeadlockCaseFailure(text: "\(tasklet) has ended without a result, and without an error")
    }
}

/// What a case throws.
struct DeadlockCaseFailure: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
}

extension DeadlockCase {
    /// Lets others run until tasklets of these names wait for others.
    ///
    /// So that what comes next comes while they wait, on every scheduler.
    static func untilBlocked(_ names: String...) async throws {
        while !Set(names).isSubset(of: Tasklet.scheduler.blockedTasklets.map(\.tasklet.name)) {
            try await Tasklet.schedule()
        }
    }

    /// The result of synchronous code; except that a kill stays one.
    static func result<Value>(of body: () throws -> Value) throws -> Result<Value, any Error> {
        do { return .success(try body()) } catch let exit as TaskletExit { throw exit } catch { return .failure(error) }
    }
}
