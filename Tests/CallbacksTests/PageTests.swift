// SPDX-License-Identifier: Apache-2.0

import Callbacks
import HTTP
import Tasklets
import TestSupport
import Testing

@Suite struct `Pages fetched with callbacks` {
    @Test(arguments: Configuration.withReactors)
    func `A page, and one that it redirects to`(configuration: Configuration) async throws {
        let pages = try await configuration.run {
            try await withServer { exchange in
                try await exchange.respond(.ok, "page \(exchange.path)")
            } _: { root in
                let port = try await serveOne { stream in
                    try await answer(stream, "302 Found\r\nLocation: \(root)/new\r\nContent-Length: 0\r\n\r\n")
                }
                let reactor = try await Reactor.start()
                let direct = try reactor.getPage("\(root)/direct")
                let redirected = try reactor.getPage("http://127.0.0.1:\(port)/old")
                let pages = [try await direct.value(), try await redirected.value()]
                reactor.stop()
                return pages
            }
        }
        #expect(pages.map(\.text) == ["page /direct", "page /new"])
        #expect(pages.map(\.status) == [.ok, .ok])
        #expect(pages[1].url.hasSuffix("/new"))
    }

    @Test(arguments: Configuration.withReactors)
    func `Connections are kept for the next request, until the reactor stops`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let clients = Box<Set<UInt64>>([])
            return try await withServer { exchange in
                clients.update { $0.insert(Tasklet.current.id) }
                try await exchange.respond(.ok, "page")
            } _: { root in
                let reactor = try await Reactor.start()
                for _ in 0..<10 { _ = try await reactor.getPage(root).value() }
                let first = clients.value.count
                reactor.closeIdleConnections()
                _ = try await reactor.getPage(root).value()
                reactor.stop()
                return (first, clients.value.count)
            }
        }
        // The server serves each connection in a tasklet of its own.
        #expect(outcome == (1, 2))
    }

    @Test(arguments: Configuration.withReactors)
    func `Stopping closes the connections that are kept`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let ended = OneShot<Int>()
            let port = try await serveOne { stream in
                try await answer(stream, "200 OK\r\nContent-Length: 1\r\n\r\n1")
                ended.fulfill(try await stream.drain())
            }
            let reactor = try await Reactor.start()
            let page = try await reactor.getPage("http://127.0.0.1:\(port)/").value()
            reactor.stop()
            let rest = try await ended.value()
            // Until here, the reactor keeps what it has not closed.
            return (page.text, rest, reactor.isRunning)
        }
        #expect(outcome == ("1", 0, false))
    }

    @Test(arguments: Configuration.orderedWithReactors)
    func `A hundred requests at once cost no tasklet and no hard switch`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let names = Box<Set<String>>([])
            let callers = Box<Set<String>>([])
            Tasklet.scheduler.scheduleCallback = { previous, _ in
                if let previous { names.update { $0.insert(previous.name) } }
            }
            let pages = try await withServer { exchange in
                try await exchange.respond(.ok, "page")
            } _: { root in
                let reactor = try await Reactor.start()
                let pages = Counter()
                let all = Deferred<Void>("all")
                for _ in 0..<100 {
                    try reactor.getPage(root) { result in
                        callers.update { $0.insert(Tasklet.current.name) }
                        _ = try result.get()
                        pages.add()
                        if pages.value == 100 { try all.fire(()) }
                    }
                }
                try await all.value()
                reactor.stop()
                return pages.value
            }
            Tasklet.scheduler.scheduleCallback = nil
            return (pages, callers.value, names.value)
        }
        #expect(outcome.0 == 100)
        #expect(outcome.1 == ["reactor"])
        #expect(!outcome.2.contains("connect"))
    }

    @Test(arguments: Configuration.withReactors)
    func `Failures are the ones of the tasklets' client`(configuration: Configuration) async throws {
        let port = RefusingPort()
        let codes = try await configuration.run {
            let cut = try await serveOne { stream in
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 1)
                defer { buffer.deallocate() }
                _ = try await stream.read(into: buffer)
                try await stream.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            }
            let malformed = try await serveOne { try await $0.write("nonsense\r\n\r\n") }
            let reactor = try await Reactor.start()
            var codes: [HTTPClientError.Code?] = []
            for url in [
                "no url", "http://127.0.0.1:\(port.number)/", "http://127.0.0.1:\(cut)/",
                "http://127.0.0.1:\(malformed)/",
            ] {
                let page = try reactor.getPage(url)
                codes.append(await (failure { _ = try await page.value() } as? HTTPClientError)?.code)
            }
            return codes
        }
        #expect(codes == [.invalidURL, .cannotConnect, .connectionClosed, .malformedResponse])
    }

    @Test(arguments: Configuration.withReactors)
    func `A deadline gives a page up`(configuration: Configuration) async throws {
        let code = try await configuration.run {
            let done = OneShot<Void>()
            let port = try await serveOne { _ in try await done.value() }
            let reactor = try await Reactor.start()
            let page = try reactor.getPage("http://127.0.0.1:\(port)/", deadline: .now + .milliseconds(20))
            let code = await (failure { _ = try await page.value() } as? HTTPClientError)?.code
            done.fulfill(())
            return code
        }
        #expect(code == .timedOut)
    }

    @Test(arguments: Configuration.withReactors)
    func `A connection that the server has closed meanwhile is replaced`(configuration: Configuration) async throws {
        let texts = try await configuration.run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let mayClose = OneShot<Void>()
            // Each connection answers once, and is closed after the second request has come.
            Tasklet.spawn("peer") {
                for n in 0..<2 {
                    let stream = try await listener.accept()
                    try await answer(stream, "200 OK\r\nContent-Length: 1\r\n\r\n\(n)")
                    if n == 0 { try await mayClose.value() }
                    stream.close()
                }
                listener.close()
            }
            let reactor = try await Reactor.start()
            let url = "http://127.0.0.1:\(listener.port)/"
            let first = try await reactor.getPage(url).value().text
            let second = try reactor.getPage(url)
            try await Tasklet.schedule()
            mayClose.fulfill(())
            return [first, try await second.value().text]
        }
        #expect(texts == ["0", "1"])
    }
}

/// Reads a request, and writes what follows the version.
private func answer(_ stream: TCPStream, _ text: String) async throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 1)
    defer { buffer.deallocate() }
    _ = try await stream.read(into: buffer)
    try await stream.write("HTTP/1.1 \(text)")
}
