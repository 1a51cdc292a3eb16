// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// Ping-pong between tasklets that wait deep in synchronous code: what the live frames on a machine stack cost.
    ///
    /// With 0 bytes the tasklets wait in asynchronous code, as in `ping-pong`. With more, the wait is below so many bytes
    /// of synchronous frames: then a scheduler that switches softly or by continuations switches hard. One of the frames
    /// is verified after each message, and all are at the end.
    static let depth = Workload(
        name: "depth",
        summary: "Ping-pong with live synchronous frames below each wait.",
        parameters: [
            messages,
            Parameter(
                "bytes",
                "synchronous frames below the wait",
                default: 8_192,
                quick: 8_192,
                sweep: [0, 1_024, 4_096, 8_192, 16_384, 65_536],
                in: 0...131_072
            ),
        ],
        operation: "round trip",
        metric: "round-trip",
        comparesSwitchings: true,
        operations: { $0["messages"] },
        expected: { $0["messages"] },
        run: { parameters, observer in
            let bytes = parameters["bytes"]
            let pair = Pair(messages: parameters["messages"])
            if bytes == 0 {
                return try await pair.run(observer, { try await pair.answer() }, { try await pair.play() })
            }
            return try await pair.run(
                observer,
                { try Frames.descend(bytes) { try pair.answer(on: &$0) } },
                { try Frames.descend(bytes) { try pair.play(on: &$0) } }
            )
        }
    )

    /// The same with asynchronous frames, which lie on the heap.
    static let depthAsync = Workload(
        name: "depth-async",
        summary: "Ping-pong with asynchronous frames below each wait.",
        parameters: [
            messages,
            Parameter(
                "levels",
                "asynchronous calls below the wait",
                default: 64,
                quick: 64,
                sweep: [0, 16, 256],
                in: 0...10_000
            ),
        ],
        operation: "round trip",
        metric: "round-trip",
        comparesSwitchings: true,
        operations: { $0["messages"] },
        expected: { $0["messages"] },
        run: { parameters, observer in
            let levels = parameters["levels"]
            let pair = Pair(messages: parameters["messages"])
            return try await pair.run(
                observer,
                { _ = try await nest(levels) { try await pair.answer() } },
                { try await nest(levels) { try await pair.play() } }
            )
        }
    )

    private static let messages = Parameter(
        "messages",
        "round trips",
        default: 5_000,
        quick: 2_000,
        in: 1...1_000_000_000
    )
}

/// Two tasklets that send a counter to and fro, in asynchronous code or below synchronous frames.
private struct Pair: Sendable {
    let messages: Int
    let there = Channel<Int>("there")
    let back = Channel<Int>("back")

    /// Runs both sides; returns what `play` does.
    func run(
        _ observer: any Observer,
        _ answer: @escaping @Sendable () async throws -> Void,
        _ play: () async throws -> Int
    ) async throws -> Int {
        let peer = Tasklet.spawn("peer", answer)
        try await there.waitForReceivers(1)
        observer.mark(.begin)
        let counter = try await play()
        observer.mark(.end)
        try await peer.join()
        return counter
    }

    func play() async throws -> Int {
        var counter = 0
        for _ in 0..<messages {
            try await there.send(counter)
            counter = try await back.receive()
        }
        return counter
    }

    func answer() async throws {
        for _ in 0..<messages { try await back.send(try await there.receive() &+ 1) }
    }

    func play(on frames: inout Frames) throws -> Int {
        var counter = 0
        for _ in 0..<messages {
            try there.send(counter)
            counter = try back.receive() &- frames.faults()
        }
        return counter
    }

    func answer(on frames: inout Frames) throws {
        for _ in 0..<messages { try back.send(try there.receive() &+ 1 &- frames.faults()) }
    }
}

/// The words that a tasklet has filled its synchronous frames with.
private struct Frames: ~Copyable {
    private typealias Words = UnsafeMutableBufferPointer<UInt>
    private static let wordsPerFrame = 24

    private var all: [Words] = []
    private var next = 0
    private var calls = 0

    /// Calls `body` below at least so many bytes of frames, whose words are verified when it returns.
    ///
    /// - Returns: what `body` returns, less the number of words that have changed.
    static func descend(_ bytes: Int, _ body: (inout Frames) throws -> Int) throws -> Int {
        var frames = Frames()
        return try frames.descend(bytes, from: nil, body)
    }

    static func descend(_ bytes: Int, _ body: (inout Frames) throws -> Void) throws {
        let changed = try descend(bytes) { frames in
            try body(&frames)
            return 0
        }
        guard changed == 0 else { throw FramesChanged() }
    }

    @inline(never) private mutating func descend(
        _ bytes: Int,
        from top: UInt?,
        _ body: (inout Frames) throws -> Int
    ) throws -> Int {
        try withUnsafeTemporaryAllocation(of: UInt.self, capacity: Self.wordsPerFrame) { words in
            for index in words.indices { words.initializeElement(at: index, to: Self.word(words, index)) }
            all.append(words)
            let here = UInt(bitPattern: words.baseAddress)
            let isDeepEnough = (top ?? here) &- here >= UInt(bytes)
            let result = isDeepEnough ? try body(&self) : try descend(bytes, from: top ?? here, body)
            return result &- words.indices.count { words[$0] != Self.word(words, $0) }
        }
    }

    /// Each word depends on its address: a frame that is brought back elsewhere, or another's, shows.
    private static func word(_ words: Words, _ index: Int) -> UInt {
        (UInt(bitPattern: words.baseAddress) &+ UInt(index)) &* 0x9E37_79B9_7F4A_7C15
    }

    /// How many words have changed in one of the frames: 0 or 1.
    ///
    /// Stays with a frame for some calls: to look at another one each time would take longer than a switch.
    mutating func faults() -> Int {
        calls &+= 1
        if calls % 64 == 0 { next = next == 0 ? all.count - 1 : next - 1 }
        let words = all[next]
        return words[0] == Self.word(words, 0) ? 0 : 1
    }
}

/// A tasklet's frames are not as it has left them.
private struct FramesChanged: Error {}

/// Calls `body` so many asynchronous calls deep.
@inline(never) private func nest<R>(_ levels: Int, _ body: () async throws -> R) async throws -> R {
    guard levels > 0 else { return try await body() }
    let result = try await nest(levels - 1, body)
    // Something to do after the call, which is no tail call then.
    try Task.checkCancellation()
    return result
}
