// SPDX-License-Identifier: Apache-2.0

extension Tasklet {
    /// The object of a type that all tasklets of a run share: made when the first one asks, let go of when `run` returns.
    ///
    /// It is for what belongs to a run and to no tasklet of it, such as idle connections: they may hold the scheduler, and
    /// it holds them no longer than it runs. Traps outside any tasklet.
    ///
    /// - Parameter make: makes the object; with a lock held, so it must not ask for another one.
    package static func shared<Object: AnyObject & Sendable>(_ make: () -> Object) -> Object {
        currentNode.pointee.owner.pointee.core.belonging(make)
    }
}

extension SchedulerCore {
    fileprivate func belonging<Object: AnyObject & Sendable>(_ make: () -> Object) -> Object {
        belongings.withLock { all in
            if let object = all[ObjectIdentifier(Object.self)] as? Object { return object }
            let object = make()
            all[ObjectIdentifier(Object.self)] = object
            return object
        }
    }

    /// All that the run's tasklets have shared, to be let go of.
    func takeBelongings() -> [ObjectIdentifier: any AnyObject & Sendable] {
        belongings.withLock { all in
            defer { all = [:] }
            return all
        }
    }
}
