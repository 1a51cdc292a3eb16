// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

extension Deferred {
    /// A deferred that fires with what `transform` makes of the value, or with the error.
    ///
    /// An error that `transform` throws is the new deferred's. Where the tasklet is killed while `transform` waits,
    /// the new deferred fails, and the tasklet still ends: `TaskletExit` ends the tasklet that was killed, and no
    /// other one that waits for the result. Twisted's `addCallback`.
    ///
    /// - Throws: as ``whenFired(_:)``.
    public func map<Other: Sendable>(
        _ transform: @escaping @Sendable (Value) throws -> Other
    ) throws -> Deferred<Other> {
        let next = Deferred<Other>(name)
        try whenFired { [label] result in
            do { try next.fire(with: result.map(transforming: transform)) } catch let exit as TaskletExit {
                try next.fail(Self.killed(label))
                throw exit
            }
        }
        return next
    }

    /// A deferred that fires as the one does that `next` makes of the value, or with the error.
    ///
    /// Otherwise as ``map(_:)``. In Twisted, a callback that returns a `Deferred`.
    ///
    /// - Throws: as ``whenFired(_:)``.
    public func then<Other: Sendable>(
        _ next: @escaping @Sendable (Value) throws -> Deferred<Other>
    ) throws -> Deferred<Other> {
        let last = Deferred<Other>(name)
        try map(next).whenFired { result in
            switch result {
            case .success(let deferred): try deferred.whenFired { try last.fire(with: $0) }
            case .failure(let error): try last.fail(error)
            }
        }
        return last
    }

    private static func killed(_ label: String) -> SchedulerError {
        SchedulerError(
            .deadTasklet,
            "the tasklet that fired \(label) was killed in a callback, before that had a result"
        )
    }
}

extension Deferred {
    /// Runs `body` in a tasklet, and fires with what it returns or throws: Twisted's `inlineCallbacks`.
    ///
    /// A tasklet that is killed makes it fail with an error that says so.
    ///
    /// - Parameters:
    ///   - name: the tasklet's, and the deferred's.
    ///   - file: where the call is, for deadlock reports.
    ///   - line: where the call is, for deadlock reports.
    ///   - body: runs in the tasklet.
    public static func spawn(
        _ name: String,
        file: StaticString = #fileID,
        line: UInt = #line,
        _ body: @escaping @Sendable () async throws -> Value
    ) -> Deferred {
        let deferred = Deferred(name)
        Tasklet.spawn(name, file: file, line: line) {
            do { try deferred.fire(await body()) } catch let exit as TaskletExit {
                try deferred.fail(SchedulerError(.deadTasklet, "tasklet '\(name)' was killed before it had a result"))
                throw exit
            } catch {
                try deferred.fail(error)
            }
        }
        return deferred
    }
}

extension Result where Failure == any Error {
    /// Keeps the error, also that of `transform`; except `TaskletExit`, which is rethrown.
    fileprivate func map<Other>(transforming transform: (Success) throws -> Other) throws -> Result<Other, any Error> {
        do { return .success(try transform(get())) } catch let exit as TaskletExit { throw exit } catch {
            return .failure(error)
        }
    }
}
