// SPDX-License-Identifier: Apache-2.0

/// The objects that the tasklets of one run share, by type.
final class RunLocals: Sendable {
    private let objects = Guarded<[ObjectIdentifier: any AnyObject & Sendable]>([:])

    func object<Object: AnyObject & Sendable>(_ make: () -> Object) -> Object {
        objects.withLock { objects in
            if let object = objects[ObjectIdentifier(Object.self)] as? Object { return object }
            let object = make()
            objects[ObjectIdentifier(Object.self)] = object
            return object
        }
    }

    /// Everything that the run's tasklets have shared, for the caller to drop.
    func takeAll() -> [any AnyObject & Sendable] {
        objects.withLock { objects in
            defer { objects = [:] }
            return Array(objects.values)
        }
    }
}

extension Tasklet {
    /// The run's object of that type: made at the first call, dropped when `run` returns.
    ///
    /// For what belongs to a run and to none of its tasklets, such as idle connections: such an object may hold the
    /// scheduler, which holds it no longer than the run. Traps outside any tasklet.
    ///
    /// - Parameter make: makes the object; called with a lock held, so it must not ask for another one.
    package static func shared<Object: AnyObject & Sendable>(_ make: () -> Object) -> Object {
        callingNode.pointee.owner.pointee.core.runLocals.object(make)
    }
}
