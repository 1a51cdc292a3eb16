// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets

/// Requests that the server makes to itself.
///
/// However many clients ask for them, a limited number is in progress: each takes a permit, and gives it back. So the
/// memory that they take is bounded, and other requests wait for that many at most.
struct FanOut: Sendable {
    /// How many are in progress at most: as many as the client's pool has connections to one host, so that none waits
    /// there.
    static let limit = 256
    /// Spawns after which others get a turn.
    private static let batch = 64

    private let url: String
    private let expected: String
    private let permits: Channel<Int>
    /// How many more fan-outs may begin.
    private let free: Guarded<Int>

    /// Prepares requests for a page with that text; called in a tasklet.
    ///
    /// - Parameter places: how many are in progress at a time, and fan-outs.
    init(url: String, expecting text: String, _ places: Places) async throws {
        self.url = url
        expected = text
        free = Guarded(places.fanOuts)
        permits = Channel("permits", capacity: places.fanOutRequests)
        for number in 0..<places.fanOutRequests { try await permits.send(number) }
    }

    /// Begins a fan-out, which ``end()`` ends; returns false where too many are in progress.
    func begin() -> Bool {
        free.withLock { free in
            if free == 0 { return false }
            free -= 1
            return true
        }
    }

    func end() { free.withLock { $0 += 1 } }

    /// Requests the page `count` times; returns how many replies were right, or nil if it was given up.
    ///
    /// - Parameters:
    ///   - count: how many times.
    ///   - isPointless: asked now and then; true gives up.
    func request(_ count: Int, unless isPointless: () -> Bool) async throws -> Int? {
        // Buffers all replies: if this tasklet is killed, no sender waits for it.
        let replies = Channel<Int>("replies", capacity: count)
        var spawned = 0
        for index in 0..<count {
            if index % Self.batch == Self.batch - 1 {
                if isPointless() { return nil }
                try await Tasklet.schedule()
            }
            if try await start(replies) { spawned += 1 }
        }
        var right = 0
        for _ in 0..<spawned { right += try await replies.receive() }
        return right
    }

    /// Starts one request, once there is a permit.
    ///
    /// If no thread is available for a tasklet, that request fails, not the server; then returns false.
    private func start(_ replies: Channel<Int>) async throws -> Bool {
        let permit = try await permits.receive()
        do {
            try Tasklet.spawnOrThrow("fan-out") {
                let isRight = await isRight()
                // Neither waits: both channels have room for all.
                try await permits.send(permit)
                try await replies.send(isRight ? 1 : 0)
            }
            return true
        } catch {
            try await permits.send(permit)
            return false
        }
    }

    private func isRight() async -> Bool {
        // Without room for another connection, the reply would wait for this very request.
        let page = try? await getPage(url, deadline: .now + .seconds(10))
        return page?.status == .ok && page?.text == expected
    }
}
