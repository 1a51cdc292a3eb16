// SPDX-License-Identifier: Apache-2.0

/// How fast a client sends or takes bodies, over the time that the server waits for it.
///
/// That time is cut into windows of ``HTTPServerOptions/progressTimeout``. A wait ends with its window at the latest,
/// and the client has then moved its share of ``HTTPServerOptions/minimumRate``, or is too slow. So one deadline per
/// wait limits both how long nothing may move and how slowly it may; what a client has moved earlier does not count;
/// and the time that a handler takes is not the client's.
package struct Pace {
    private var waited = Duration.zero
    private var moved = 0

    package init() {}

    /// How long the next wait may take.
    package func timeLeft(_ options: HTTPServerOptions) -> Duration { options.progressTimeout - waited }

    /// Notes what a wait has moved.
    package mutating func add(_ count: Int, in time: Duration) {
        moved += count
        waited += time
    }

    /// Begins the next window; returns whether enough has moved in this one.
    package mutating func endWindow(_ options: HTTPServerOptions) -> Bool {
        let seconds =
            Double(options.progressTimeout.components.seconds) + Double(
                options.progressTimeout.components.attoseconds
            ) * 1e-18
        let isFastEnough = moved > 0 && Double(moved) >= Double(options.minimumRate) * seconds
        self = Pace()
        return isFastEnough
    }
}
