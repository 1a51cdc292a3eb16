// SPDX-License-Identifier: Apache-2.0

/// A function with the time that it was on a stack.
package struct HotFunction: Sendable, Equatable {
    /// What identifies a function.
    struct Identity: Hashable, Sendable {
        let function: String
        /// The module or the library.
        let place: String

        init(_ frame: Frame) {
            function = frame.function
            place = frame.module ?? frame.object ?? ""
        }
    }

    let identity: Identity
    /// The time of the function itself.
    var own: PerProcess
    /// The time of the function and its callees.
    var cumulative: PerProcess

    /// The function's name.
    package var function: String { identity.function }
    /// The module or the library.
    package var place: String { identity.place }
}

extension Attribution {
    /// The functions with the most own time.
    package func hotFunctions(_ count: Int) -> [HotFunction] {
        let sorted = functions.values.sorted {
            ($1.own.sum, $1.cumulative.sum, $0.function) < ($0.own.sum, $0.cumulative.sum, $1.function)
        }
        return Array(sorted.prefix(count))
    }

    /// All functions.
    var functions: [HotFunction.Identity: HotFunction] {
        let none = PerProcess(processes: processCount)
        var functions: [HotFunction.Identity: HotFunction] = [:]
        for stack in stacks {
            var seen: Set<HotFunction.Identity> = []
            for (depth, frame) in stack.frames.enumerated() {
                let identity = HotFunction.Identity(frame)
                // A recursive function counts once.
                guard seen.insert(identity).inserted else { continue }
                var function = functions[identity] ?? HotFunction(identity: identity, own: none, cumulative: none)
                function.cumulative[stack.process] += stack.time
                if depth == 0 { function.own[stack.process] += stack.time }
                functions[identity] = function
            }
        }
        return functions
    }
}
