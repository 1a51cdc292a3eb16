// SPDX-License-Identifier: Apache-2.0

import Callbacks
import Tasklets

/// The front end that the parameters of `blocking-styles` ask for.
struct StyledFrontEnd {
    private let style: BlockingStyle
    private let place: WaitPlace
    private let softening: Softening

    /// - Throws: ``WorkloadUnsupported`` for values that have no meaning together.
    init(_ parameters: Parameters) throws {
        style = parameters.choice("style")
        place = parameters.choice("place")
        softening = parameters.choice("soften")
        if let reason { throw WorkloadUnsupported(reason: reason) }
    }

    /// Why the values have no meaning together; nil where they have one.
    private var reason: String? {
        if style == .callbacks, place == .frame {
            return "callbacks cannot wait in a synchronous frame: what needs the page is a callback itself"
        }
        switch softening {
        case .none: return nil
        case .queuedHandOver, .callbackTasklets:
            guard style != .blockOn else { return nil }
            return "soften=\(softening.rawValue) is for callbacks that send, and only style=block-on has them"
        case .fastPath:
            guard style != .oneShot || place != .frame else { return nil }
            return "soften=fast-path is for place=frame and style=one-shot, whose page can be taken twice"
        }
    }

    /// Runs it, with a reactor where the style needs one; returns the number of right replies.
    ///
    /// - Throws: `SchedulerError` with code `unsupported` where it needs one, and the scheduler has none; and where it
    ///   waits in a frame, and the scheduler refuses that.
    func run(_ fanOut: FanOut, _ observer: any Observer) async throws -> Int {
        if place == .frame { try await waitInFrame() }
        guard style != .tasklets else { return try await run(fanOut, TaskletsFrontEnd(place: place), observer) }
        let reactor = try await Reactor.start()
        return try await withCleanup({
            reactor.stop()
            try await reactor.tasklet.join()
        }) {
            try await run(fanOut, frontEnd(reactor), observer)
        }
    }

    /// Before the servers run, whose replies would hide the error.
    private func waitInFrame() async throws {
        let channel = Channel<Int>(capacity: 1)
        try await channel.send(0)
        _ = try [channel].map { try $0.receive() }
    }

    private func run(_ fanOut: FanOut, _ frontEnd: any FrontEnd, _ observer: any Observer) async throws -> Int {
        let answer = try await fanOut.run(frontEnd, observer)
        if let lines = frontEnd.linesOfCode { observer.note(.linesOfCode, Double(lines)) }
        return answer
    }

    private func frontEnd(_ reactor: Reactor) -> any FrontEnd {
        switch style {
        case .callbacks: CallbacksFrontEnd(reactor: reactor)
        case .oneShot: OneShotFrontEnd(reactor: reactor, place: place, hasFastPath: softening == .fastPath)
        case .tasklets: TaskletsFrontEnd(place: place)
        case .blockOn where softening == .none: BlockOnFrontEnd(reactor: reactor, place: place)
        case .blockOn: SoftenedBlockOnFrontEnd(reactor: reactor, place: place, softening: softening)
        }
    }
}
