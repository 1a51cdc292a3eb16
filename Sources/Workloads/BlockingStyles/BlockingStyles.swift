// SPDX-License-Identifier: Apache-2.0

import ParameterValues

extension Workloads {
    /// One front end written in four styles, and ways to turn their hard switches into soft ones.
    ///
    /// As in `fan-out-http` all servers run on the measured scheduler; but the load is a closed loop, whose clients are
    /// so many that the processor is never idle. So requests per second are what the style costs.
    static let blockingStyles = Workload(
        name: "blocking-styles",
        summary: "A fan-out over HTTP under closed-loop load, its front end written in four styles.",
        parameters: [
            Parameter("style", "how the front end waits for a page", default: BlockingStyle.tasklets),
            Parameter(
                "place",
                "where it waits: in asynchronous code, or below a frame of sort",
                default: WaitPlace.tasklet
            ),
            Parameter("soften", "what is done against a cause of hard switches", default: Softening.none),
            Parameter("fan-out", "back ends per request", default: 5, quick: 5, in: 1...256),
            Parameter("requests", "requests of all connections together", default: 500, quick: 400, in: 1...10_000_000),
            Parameter(
                "delay",
                "mean delay of a back end, in microseconds",
                default: 200,
                quick: 200,
                in: 1...10_000_000
            ),
            Parameter("connections", "client connections", default: 32, quick: 32, in: 1...10_000),
        ],
        combinations: standardStyles,
        operation: "request",
        metric: "request",
        isServer: true,
        operations: { $0["requests"] },
        expected: { $0["requests"] },
        run: { parameters, observer in
            let loop = RequestLoop(requests: parameters["requests"], clients: parameters["connections"])
            let fanOut = FanOut(width: parameters["fan-out"], delay: parameters["delay"], loop: loop)
            return try await StyledFrontEnd(parameters).run(fanOut, observer)
        }
    )

    /// Each style in each place where it can wait, and each softening of a cause that a style has there.
    private static let standardStyles: [[String: ParameterValue]] = [
        ["style": "callbacks"], ["style": "block-on"], ["style": "one-shot"], ["style": "tasklets"],
        ["style": "block-on", "place": "frame"], ["style": "one-shot", "place": "frame"],
        ["style": "tasklets", "place": "frame"],
        ["style": "block-on", "soften": "queued-hand-over"], ["style": "block-on", "soften": "callback-tasklets"],
        ["style": "block-on", "place": "frame", "soften": "queued-hand-over"],
        ["style": "one-shot", "place": "frame", "soften": "fast-path"],
    ]
}
