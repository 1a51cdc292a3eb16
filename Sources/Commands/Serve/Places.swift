// SPDX-License-Identifier: Apache-2.0

/// How many fan-outs, and requests of fan-outs, the limit on open descriptors has room for.
///
/// A request of a fan-out takes two descriptors, one at each end, and the one waits for the other to be accepted.
/// Without a limit of their own they would take all, and hold them until their deadlines. And fan-outs that took all
/// places for connections would leave none for their own requests. Connections have no lower limit: at that, the server
/// would close idle ones for others, and a flood would drive its good clients out.
struct Places: Equatable {
    let fanOuts: Int
    let fanOutRequests: Int

    /// - Parameters:
    ///   - descriptors: the limit of this process; nil where it is not known.
    ///   - wanted: how many connections are served at a time.
    init(descriptors: UInt?, connections wanted: Int) {
        let free = max(Int(clamping: descriptors ?? .max) - Self.reserve, 3)
        fanOutRequests = min(max(free / 8, 1), FanOut.limit)
        fanOuts = max(min(wanted, free - fanOutRequests) / 2, 1)
    }

    /// For the standard streams, the listener and the scheduler.
    private static let reserve = 24
}
