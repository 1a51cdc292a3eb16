// SPDX-License-Identifier: Apache-2.0

import Backends
import HTTP
import Tasklets
import TestSupport
import Testing

/// Tasklets that wait for one of a client's connections.
@Suite struct `Waiting for a connection` {
    private static let script: ScriptedServer.Script = { request in
        request.target == "/held" ? [.awaitEnd] : [.page(request.target)]
    }

    @Test(arguments: Configuration.all)
    func `A waiter can be killed or time out, and the next one gets the connection`(configuration: Configuration) throws
    {
        let (late, pages) = try configuration.run(Self.script) { server in
            let queue = try await Queue.form(["/killed", "/next"], at: server)
            let deadline = ContinuousClock.now + .milliseconds(1)
            let late = await clientError { _ = try await queue.client.get(server.url("/late"), deadline: deadline) }
            try await queue.waiting[0].kill()
            try await queue.holder.kill()
            try await queue.waiting[1].join()
            return (late, queue.pages.withLock { $0 })
        }
        #expect(late?.code == .timedOut)
        #expect(pages == ["/next"])
    }

    @Test(arguments: Configuration.all)
    func `A waiter killed just as it inherits the slot passes it on`(configuration: Configuration) throws {
        let pages = try configuration.run(Self.script) { server in
            let queue = try await Queue.form((1...20).map { "/\($0)" }, at: server)
            // The holder releases its slot, and the waiters that would inherit it are killed before any of them
            // runs.
            try await queue.holder.kill(pending: true)
            for victim in queue.waiting.dropLast() { try await victim.kill(pending: true) }
            try await queue.waiting[19].join()
            return queue.pages.withLock { $0 }
        }
        // With several threads, some of the others may have fetched their page first.
        #expect(configuration.isConcurrent ? pages.contains("/20") : pages == ["/20"])
    }
}

/// A client with one connection, the tasklet that holds it, and the tasklets that wait for it.
private struct Queue: Sendable {
    var client: HTTPClient
    var holder: Tasklet
    var waiting: [Tasklet] = []
    /// The pages that the waiters have fetched.
    var pages = Guarded<[String]>([])

    /// Returns once all waiters are parked.
    static func form(_ targets: [String], at server: ScriptedServer) async throws -> Queue {
        let client = HTTPClient(connectionsPerHost: 1)
        let holder = Tasklet.spawn("holder") { _ = try await client.get(server.url("/held")) }
        try await yieldUntil { server.requests.count == 1 && !holder.isRunnable }
        var queue = Queue(client: client, holder: holder)
        queue.waiting = targets.map { [pages = queue.pages] target in
            Tasklet.spawn {
                let page = try await client.get(server.url(target))
                pages.withLock { $0.append(page.text) }
            }
        }
        try await yieldUntil { queue.waiting.allSatisfy(\.isBlocked) }
        return queue
    }
}
