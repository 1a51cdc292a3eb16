// SPDX-License-Identifier: Apache-2.0

/// The workloads whose channel is an `AsyncStream`.
///
/// See ../README.md for the protocol.
enum Peer {
    static let name = "swift-asyncstream"
    static let workloads = [
        Workload(name: "ping-pong") { await pingPong(messages: $0["messages"]) },
        Workload(name: "ring") { await ring(nodes: $0["nodes"], hops: $0["hops"]) },
    ]
}

private typealias Stream = AsyncStream<Int>

private func pingPong(messages: Int) async -> Outcome {
    let (incoming, there) = Stream.makeStream()
    let (replies, back) = Stream.makeStream()
    let arrived = Sum()
    let peer = Task {
        arrived.add(1)
        for await counter in incoming { back.yield(counter + 1) }
    }
    await arrived.reach(1)
    var reply = replies.makeAsyncIterator()
    let begin = ContinuousClock.now
    var counter = 0
    for _ in 0..<messages {
        there.yield(counter)
        guard let next = await reply.next() else { break }
        counter = next
    }
    let elapsed = ContinuousClock.now - begin
    there.finish()
    await peer.value
    return Outcome(measured: elapsed.nanoseconds, answer: counter)
}

private func ring(nodes: Int, hops: Int) async -> Outcome {
    let links = (0..<nodes).map { _ in Stream.makeStream() }
    let (finished, finish) = Stream.makeStream()
    let arrived = Sum()
    let made = Sum()
    let tasks = links.indices.map { number in
        let outgoing = links[(number + 1) % nodes].continuation
        return Task { [incoming = links[number].stream] in
            arrived.add(1)
            made.add(await passOn(number, from: incoming, to: outgoing, finish))
        }
    }
    await arrived.reach(nodes)
    var end = finished.makeAsyncIterator()
    let begin = ContinuousClock.now
    links[0].continuation.yield(hops)
    let last = await end.next() ?? -1
    let elapsed = ContinuousClock.now - begin
    for link in links { link.continuation.finish() }
    for task in tasks { await task.value }
    return Outcome(measured: elapsed.nanoseconds, answer: made.total * nodes + last)
}

/// A node, until its stream ends.
///
/// Returns the number of hops that it made.
private func passOn(
    _ number: Int,
    from incoming: Stream,
    to outgoing: Stream.Continuation,
    _ finish: Stream.Continuation
) async -> Int {
    var made = 0
    for await remaining in incoming {
        if remaining == 0 {
            finish.yield(number)
        } else {
            made += 1
            outgoing.yield(remaining - 1)
        }
    }
    return made
}
