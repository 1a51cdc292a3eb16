// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The workloads on Swift's own tasks.
///
/// See ../README.md for the protocol.
enum Peer {
    static let name = "swift-concurrency"
    static let workloads = [
        Workload(name: "ping-pong") { await pingPong(messages: $0["messages"]) },
        Workload(name: "yield") { await yield(tasks: $0["tasklets"], yields: $0["yields"]) },
        Workload(name: "ring") { await ring(nodes: $0["nodes"], hops: $0["hops"]) },
        Workload(name: "spawn-join") { await spawnJoin(count: $0["count"]) },
        Workload(name: "skynet") { await skynet(leaves: $0["leaves"], fanOut: $0["fan-out"]) },
        Workload(name: "parked", measure: "bytes") { await parked(count: $0["count"]) },
        Workload(name: "timers") { await timers(count: $0["count"], spread: $0["spread"], cancelled: $0["cancelled"]) },
    ]
}

private func pingPong(messages: Int) async -> Outcome {
    let there = Channel()
    let back = Channel()
    let arrived = Sum()
    let peer = Task {
        arrived.add(1)
        for _ in 0..<messages { await back.send(await there.receive() + 1) }
    }
    await arrived.reach(1)
    let begin = ContinuousClock.now
    var counter = 0
    for _ in 0..<messages {
        await there.send(counter)
        counter = await back.receive()
    }
    let elapsed = ContinuousClock.now - begin
    await peer.value
    return Outcome(measured: elapsed.nanoseconds, answer: counter)
}

private func yield(tasks: Int, yields: Int) async -> Outcome {
    let gate = Gate<Void>()
    let yielded = Sum()
    let yielders = (0..<tasks).map { _ in
        Task {
            await gate.pass()
            yielded.add(await yieldRepeatedly(yields))
        }
    }
    await gate.reach(tasks)
    let begin = ContinuousClock.now
    gate.open(with: ())
    for yielder in yielders { await yielder.value }
    let elapsed = ContinuousClock.now - begin
    return Outcome(measured: elapsed.nanoseconds, answer: yielded.total)
}

private func yieldRepeatedly(_ yields: Int) async -> Int {
    var count = 0
    while count < yields {
        await Task.yield()
        count += 1
    }
    return count
}

private func ring(nodes: Int, hops: Int) async -> Outcome {
    let links = (0..<nodes).map { _ in Channel() }
    let finish = Channel()
    let arrived = Sum()
    let made = Sum()
    let tasks = links.indices.map { number in
        Task {
            arrived.add(1)
            made.add(await passOn(number, from: links[number], to: links[(number + 1) % nodes], finish))
        }
    }
    await arrived.reach(nodes)
    let begin = ContinuousClock.now
    await links[0].send(hops)
    let last = await finish.receive()
    let elapsed = ContinuousClock.now - begin
    for link in links { await link.send(-1) }
    for task in tasks { await task.value }
    return Outcome(measured: elapsed.nanoseconds, answer: made.total * nodes + last)
}

/// A node, until it receives a negative value.
///
/// Returns the number of hops that it made.
private func passOn(_ number: Int, from incoming: Channel, to outgoing: Channel, _ finish: Channel) async -> Int {
    var made = 0
    while true {
        let remaining = await incoming.receive()
        if remaining < 0 { return made }
        if remaining == 0 {
            await finish.send(number)
        } else {
            made += 1
            await outgoing.send(remaining - 1)
        }
    }
}

private func spawnJoin(count: Int) async -> Outcome {
    let sum = Sum()
    let begin = ContinuousClock.now
    for number in 0..<count { await Task { sum.add(number) }.value }
    let elapsed = ContinuousClock.now - begin
    return Outcome(measured: elapsed.nanoseconds, answer: sum.total)
}

private func skynet(leaves: Int, fanOut: Int) async -> Outcome {
    let begin = ContinuousClock.now
    let total = await Task { await sumOfSubtree(0, leaves, fanOut) }.value
    let elapsed = ContinuousClock.now - begin
    return Outcome(measured: elapsed.nanoseconds, answer: total)
}

/// What a task does that is a leaf, or a node with children.
private func sumOfSubtree(_ first: Int, _ leaves: Int, _ fanOut: Int) async -> Int {
    if leaves == 1 { return first }
    return await withTaskGroup(of: Int.self) { group in
        let count = min(fanOut, leaves)
        var next = first
        for child in 0..<count {
            // The first children take the remainder.
            let share = leaves / count + (child < leaves % count ? 1 : 0)
            group.addTask { [next] in await sumOfSubtree(next, share, fanOut) }
            next += share
        }
        return await group.reduce(0, +)
    }
}

private func parked(count: Int) async -> Outcome {
    let gate = Channel()
    let arrived = Sum()
    let received = Sum()
    let finished = Sum()
    let before = residentBytes()
    for _ in 0..<count {
        Task {
            arrived.add(1)
            received.add(await gate.receive())
            finished.add(1)
        }
    }
    await arrived.reach(count)
    let occupied = residentBytes() - before
    for number in 0..<count { await gate.send(number) }
    await finished.reach(count)
    return Outcome(measured: occupied, answer: received.total)
}

/// The resident memory.
private func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var pages = 0
    withUnsafeMutablePointer(to: &pages) { pointer in
        _ = withVaList([pointer]) { vfscanf(file, "%*d %ld", $0) }
    }
    return pages * sysconf(Int32(_SC_PAGESIZE))
}
