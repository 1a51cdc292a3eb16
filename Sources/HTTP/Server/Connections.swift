// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
internal import Tasklets

/// The open connections of a server, which its lock guards.
struct Connections {
    private var exchanges: [ObjectIdentifier: HTTPExchange] = [:]
    /// How many come from each address, where that is counted.
    private var counts: [ClientNetwork: Int] = [:]
    /// The ones that had been idle longest when they were last looked for, in the opposite order, and since when.
    private var idlest: [(exchange: HTTPExchange, since: UInt64)] = []
    /// The one that was asked to end, until it has.
    private var ending: HTTPExchange?

    /// How many are looked for at a time, because looking takes a walk through all.
    private static let batch = 64

    var count: Int { exchanges.count }

    var isEmpty: Bool { exchanges.isEmpty }

    var all: [HTTPExchange] { Array(exchanges.values) }

    /// The number of connections from an address; 0 where that is not counted.
    func count(from client: ClientNetwork?) -> Int { client.map { counts[$0, default: 0] } ?? 0 }

    mutating func add(_ exchange: HTTPExchange) {
        exchanges[ObjectIdentifier(exchange)] = exchange
        if let client = exchange.client { counts[client, default: 0] += 1 }
    }

    mutating func remove(_ exchange: HTTPExchange) {
        guard exchanges.removeValue(forKey: ObjectIdentifier(exchange)) != nil else { return }
        if ending === exchange { ending = nil }
        guard let client = exchange.client, let count = counts[client] else { return }
        counts[client] = count > 1 ? count - 1 : nil
    }

    // MARK: Making room

    /// The connection that has been idle longest, if one is to be asked to end: nil while another that was asked has
    /// not ended, and is still idle, and if none is idle.
    mutating func chooseToEnd() -> HTTPExchange? {
        if let ending, ending.isIdle { return nil }
        ending = takeIdlest()
        if ending == nil {
            findIdlest()
            ending = takeIdlest()
        }
        return ending
    }

    private mutating func takeIdlest() -> HTTPExchange? {
        while let (exchange, since) = idlest.popLast() {
            // It may have served requests since it was found, or ended.
            let isStillIdle = exchange.idleSince.load(ordering: .sequentiallyConsistent) == since
            if isStillIdle, exchanges[ObjectIdentifier(exchange)] != nil { return exchange }
        }
        return nil
    }

    private mutating func findIdlest() {
        idlest = exchanges.values.compactMap { exchange in
            let since = exchange.idleSince.load(ordering: .sequentiallyConsistent)
            return since > 0 && !exchange.mustEnd.load(ordering: .relaxed) ? (exchange, since) : nil
        }
        idlest.sort { $0.since > $1.since }
        idlest.removeFirst(max(0, idlest.count - Self.batch))
    }
}

extension HTTPExchange {
    /// Makes an idle connection end, unless a request has arrived: then it ends after that.
    func giveUpPlace() {
        mustEnd.store(true, ordering: .sequentiallyConsistent)
        stream.interruptReading()
    }
}
