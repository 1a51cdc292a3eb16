// SPDX-License-Identifier: Apache-2.0

/// Waits for TCP connections.
public final class TCPListener: Sendable {
    private let box: EndpointBox
    private let core: SchedulerCore

    private init(_ endpoint: any Endpoint, _ core: SchedulerCore) {
        box = EndpointBox(endpoint)
        self.core = core
    }

    /// Dropping the last reference closes the listener.
    deinit { core.close(box.endpoint) }

    /// Listens at a host's address; port 0 is any free port, which ``port`` tells.
    ///
    /// - Throws: ``SchedulerError`` with code `system` where that address or port is not available.
    public static func bind(host: String, port: Int) async throws -> TCPListener {
        guard let core = Tasklet.currentNode()?.pointee.owner.pointee.core else {
            return try await SchedulerCore.atHome { try await bind(host: host, port: port) }
        }
        let addresses = try await core.names.addresses(of: host, port: port, until: .never)
        var failure: (any Error)?
        for address in addresses {
            do {
                return TCPListener(try core.driver.network(for: core).listen(address), core)
            } catch {
                failure = failure ?? error
            }
        }
        throw failure ?? SchedulerError(.system, "\(host) has no address to listen at")
    }

    /// The next connection; waits for it if need be.
    ///
    /// A connection that failed before it was accepted is passed over. Where no descriptor or no memory is left for
    /// another one, or where many fail one after another, it pauses and tries again: after 5 milliseconds first, then
    /// after twice as long each time, up to a second. It notices then whether the listener was closed.
    ///
    /// - Throws: ``SchedulerError`` with code `system` when the listener is closed; or what was thrown into the tasklet
    ///   while it waited.
    public func accept() async throws -> TCPStream {
        guard let me = try core.caller(of: "the listener") else {
            return try await SchedulerCore.atHome { try await self.accept() }
        }
        let nothing = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        var pause = AcceptPause()
        while true {
            let result = try await me.tryToPerform(.accept, on: box, nothing, until: .never, .async)
            if result >= 0 { return TCPStream(me.takeAccepted(), core) }
            guard let duration = pause.next(after: -result) else {
                throw SchedulerError.failed(.accept, errno: -result)
            }
            if duration > .zero { try await Tasklet.sleep(for: duration) }
        }
    }

    /// Stops listening; tasklets that wait for a connection throw.
    ///
    /// May be called again.
    public func close() { core.close(box.endpoint) }

    /// The port that it listens at.
    public var port: Int { box.endpoint.localPort }
}
