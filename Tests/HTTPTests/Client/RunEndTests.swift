// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import Testing

/// What becomes of clients and their connections when a run is over.
@Suite struct `The end of a run` {
    @Test(arguments: Setting.all)
    func `The shared client, its connections and the scheduler are let go of`(setting: Setting) async throws {
        let traces = Guarded(Traces())
        do {
            let scheduler = try setting.scheduler()
            try scheduler.run {
                let server = try await ScriptedServer.start { _ in [.page("ok")] }
                defer { server.stop() }
                // Leaves an idle connection behind.
                _ = try await getPage(server.url())
                traces.withLock { $0 = Traces(scheduler: Tasklet.scheduler, client: HTTPClient.shared) }
            }
            traces.withLock { #expect($0.client == nil) }
        }
        // A thread of the scheduler's may still be on its way out.
        for _ in 0..<1_000_000 where traces.withLock({ $0.scheduler != nil }) { await Task.yield() }
        traces.withLock { #expect($0.scheduler == nil) }
    }

    @Test(arguments: Setting.all)
    func `All tasklets of a run share connections, and those of the next run have their own`(setting: Setting) throws {
        let scheduler = try setting.scheduler()
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

    @Test(arguments: Setting.all)
    func `A client is of no use to the tasklets of another scheduler`(setting: Setting) throws {
        let (one, other) = (try setting.scheduler(), try setting.scheduler())
        let client = try one.run { HTTPClient() }
        let code = try other.run {
            do {
                _ = try await client.get("http://127.0.0.1:1/")
                return nil as SchedulerError.Code?
            } catch { return (error as? SchedulerError)?.code }
        }
        // Another scheduler in its place would be mistaken for it.
        withExtendedLifetime(one) { #expect(code == .wrongScheduler) }
    }
}

private struct Traces {
    weak var scheduler: (any Scheduler)?
    weak var client: HTTPClient?
}
