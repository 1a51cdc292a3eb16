// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// What belongs to a Swift task belongs to one tasklet, and to no earlier or concurrent one.
@Suite struct `Task-local values and cancellation` {
    @TaskLocal static var label = "none"

    @Test(arguments: Configuration.all)
    func `A task-local value survives every kind of switch`(configuration: Configuration) async throws {
        let seen = try await configuration.run {
            let results = Channel<[String]>()
            for name in ["a", "b", "c"] {
                Tasklet.spawn {
                    try await results.send(
                        try await Self.$label.withValue(name) { try await Self.seenAroundSwitches() }
                    )
                }
            }
            var seen: [[String]] = []
            for _ in 0..<3 { seen.append(try await results.receive()) }
            return seen
        }
        #expect(seen.map { $0.first ?? "" }.sorted() == ["a", "b", "c"])
        for labels in seen { #expect(labels == Array(repeating: labels[0], count: labels.count)) }
    }

    /// The label, as read after each of many ways to leave the processor.
    private static func seenAroundSwitches() async throws -> [String] {
        let channel = Channel<Int>()
        var seen = [label]
        try await Tasklet.schedule()
        seen.append(label)
        try await Tasklet.sleep(for: .microseconds(10))
        seen.append(label)
        let partner = Tasklet.spawn {
            _ = try await channel.receive()
            try await channel.send(1)
        }
        try await channel.send(1)
        seen.append(label)
        _ = try await channel.receiveSynchronously()
        seen.append(label)
        try await partner.join()
        seen.append(label)
        await Task.yield()
        seen.append(label)
        seen += await withTaskGroup(of: String.self) { group in
            group.addTask { label }
            return await group.reduce(into: []) { $0.append($1) }
        }
        return seen
    }

    @Test(arguments: Configuration.all)
    func `Nested values exist only within their scopes`(configuration: Configuration) async throws {
        let seen = try await configuration.run {
            var seen = [Self.label]
            try await Self.$label.withValue("outer") {
                try await Tasklet.schedule()
                seen.append(Self.label)
                try await Self.$label.withValue("inner") {
                    Tasklet.spawn { try await Tasklet.schedule() }
                    try await Tasklet.schedule()
                    seen.append(Self.label)
                }
                try await Tasklet.schedule()
                seen.append(Self.label)
            }
            seen.append(Self.label)
            return seen
        }
        #expect(seen == ["none", "outer", "inner", "outer", "none"])
    }

    @Test(arguments: Configuration.all)
    func `A spawned tasklet inherits no task-local values`(configuration: Configuration) async throws {
        let seen = try await configuration.run {
            try await Self.$label.withValue("parent") {
                let results = Channel<String>()
                Tasklet.spawn { try await results.send(Self.label) }
                return try await results.receive()
            }
        }
        #expect(seen == "none")
    }

    @Test(arguments: Configuration.all)
    func `No task-local value passes from one tasklet to the next`(configuration: Configuration) async throws {
        let seen = try await configuration.run {
            let seen = Log()
            for n in 0..<50 {
                let tasklet = Tasklet.spawn {
                    seen.add(Self.label)
                    // It ends by an error now and then, from within the scope.
                    try await Self.$label.withValue("value \(n)") {
                        try await Tasklet.schedule()
                        if n.isMultiple(of: 5) { throw TaskletExit() }
                    }
                }
                if !n.isMultiple(of: 3) { try await tasklet.join() }
            }
            return seen
        }
        #expect(seen.all == Array(repeating: "none", count: 50))
    }

    @Test(arguments: Configuration.all)
    func `A tasklet that cancels its own task does not leave the next one cancelled`(
        configuration: Configuration
    ) async throws {
        let seen = try await configuration.run {
            let seen = Log()
            for _ in 0..<50 {
                let tasklet = Tasklet.spawn {
                    seen.add("\(Task.isCancelled)")
                    withUnsafeCurrentTask { $0?.cancel() }
                    seen.add("\(Task.isCancelled)")
                }
                try await tasklet.join()
            }
            return seen
        }
        #expect(seen.text == Array(repeating: "false true", count: 50).joined(separator: " "))
    }

    @Test(arguments: Configuration.all)
    func `Main may cancel its own task, and the scheduler can be used again`(configuration: Configuration) async throws
    {
        let scheduler = try configuration.makeScheduler()
        let isCancelled = try await onItsOwnThread {
            try scheduler.run { withUnsafeCurrentTask { $0?.cancel() } }
            return try scheduler.run { Task.isCancelled }
        }
        #expect(!isCancelled)
        #expect(scheduler.counters.causes[.end] != nil)
    }

    @Test(arguments: Configuration.all)
    func `A cancelled tasklet continues to use channels, and its children see the cancellation`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let areChildrenCancelled = Box(false)
            let tasklet = Tasklet.spawn {
                withUnsafeCurrentTask { $0?.cancel() }
                try await Tasklet.schedule()
                try await Tasklet.sleep(for: .microseconds(1))
                try await channel.send(1)
                try await channel.send(channel.receive() + 1)
                areChildrenCancelled.value = await withTaskGroup(of: Bool.self) { group in
                    group.addTask { Task.isCancelled }
                    return await group.reduce(true) { $0 && $1 }
                }
            }
            let first = try await channel.receive()
            try await channel.send(5)
            let second = try await channel.receive()
            try await tasklet.join()
            return (first, second, areChildrenCancelled.value, Task.isCancelled)
        }
        #expect(outcome == (1, 6, true, false))
    }

    private final class Holder: @unchecked Sendable {
        // SAFETY: one tasklet changes it; the test reads it when that has ended.
        var value = 0
    }

    private static func hold(_ value: inout Int, _ channel: Channel<Int>) throws {
        value += try [0].map { _ in try channel.receive() }[0]
    }

    private static func holdAsync(_ value: inout Int, _ channel: Channel<Int>) async throws {
        value += try await channel.receive()
    }

    /// The runtime keeps a list of each thread's accesses; it has to be the tasklet's.
    @Test(arguments: Configuration.all, [true, false])
    func `Exclusive access of one tasklet is no conflict for another`(
        configuration: Configuration,
        isSynchronous: Bool
    ) async throws {
        let values = try await configuration.run {
            let holders = (0..<4).map { _ in Holder() }
            let channels = holders.map { _ in Channel<Int>() }
            let tasklets = zip(holders, channels).map { holder, channel in
                Tasklet.spawn {
                    if isSynchronous, configuration.waitsSynchronously {
                        try Self.hold(&holder.value, channel)
                    } else {
                        try await Self.holdAsync(&holder.value, channel)
                    }
                }
            }
            while channels.contains(where: { $0.balance == 0 }) { try await Tasklet.schedule() }
            // They end in another order than they began.
            for (index, order) in [2, 0, 3, 1].enumerated() {
                try await channels[order].send(index)
                try await tasklets[order].join()
                try await Self.holdAsync(&Holder().value, Self.source(of: 1))
            }
            return holders.map(\.value)
        }
        #expect(values == [1, 3, 0, 2])
    }

    private static func source(of value: Int) -> Channel<Int> {
        let channel = Channel<Int>()
        Tasklet.spawn { try await channel.send(value) }
        return channel
    }
}
