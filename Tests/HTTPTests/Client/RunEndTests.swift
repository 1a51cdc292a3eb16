// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import TestSupport
import Testing

/// What happens to clients and their connections at the end of a run.
@Suite struct `The end of a run` {
    @Test(arguments: Configuration.all)
    func `The shared client, its connections and the scheduler are released`(configuration: Configuration) async throws
    {
        let traces = Guarded(Traces())
        do {
            let scheduler = try configuration.makeScheduler()
            try scheduler.run {
                let server = try await ScriptedServer.start { _ in [.page("ok")] }
                defer { server.stop() }
                // Leaves an idle connection in the pool.
                _ = try await getPage(server.url())
                traces.withLock { $0 = Traces(scheduler: Tasklet.scheduler, client: HTTPClient.shared) }
            }
            traces.withLock { #expect($0.client == nil) }
        }
        #expect(try await isReleased { traces.withLock { $0.scheduler } })
    }

    @Test(arguments: Configuration.all)
    func `All tasklets of a run share connections, but separate runs do not`(configuration: Configuration) throws {
        let scheduler = try configuration.makeScheduler()
        for _ in 0..<2 {
            let accepted = try scheduler.run {
                let server = try await ScriptedServer.start { _ in [.page("ok")] }
                defer { server.stop() }
                for _ in 0..<3 { try await Tasklet.spawn { _ = try await getPage(server.url()) }.join() }
                return server.accepted
            }
            #expect(accepted == 1)
        }
    }

    @Test(arguments: Configuration.all)
    func `A client rejects tasklets of another scheduler`(configuration: Configuration) throws {
        let (one, other) = (try configuration.makeScheduler(), try configuration.makeScheduler())
        let client = try one.run { HTTPClient() }
        let code = try other.run {
            do {
                _ = try await client.get("http://127.0.0.1:1/")
                return nil as SchedulerError.Code?
            } catch { return (error as? SchedulerError)?.code }
        }
        // Keeps the first scheduler alive, so that the second cannot have its identity.
        withExtendedLifetime(one) { #expect(code == .wrongScheduler) }
    }
}

private struct Traces {
    weak var scheduler: (any Scheduler)?
    weak var client: HTTPClient?
}
