// SPDX-License-Identifier: Apache-2.0

import Measurement
import Workloads

/// What a peer does in a turn: runs of its workload.
protocol PeerRuns {
    /// Its process.
    var process: OtherProcess { get }

    /// Performs some runs, one after another, and checks the answer.
    ///
    /// - Throws: ``PeerFailure`` or ``GeneratorFailure``.
    func perform(_ times: Int) throws -> RunReading
}

/// Runs of a program that times itself.
struct TimedPeerRuns: PeerRuns {
    private let program: PeerProgram
    private let expected: Int

    init(_ program: PeerProgram, expected: Int) {
        self.program = program
        self.expected = expected
    }

    var process: OtherProcess { program.process }

    func perform(_ times: Int) throws -> RunReading {
        program.start(times)
        let (reply, answer) = try program.answer()
        guard answer == expected else { throw PeerFailure("returned \(answer) instead of \(expected)") }
        var reading = RunReading()
        reading.elapsed = reply.nanoseconds ?? 0
        reading.memory = reply.bytes
        reading.waits = (reply.lateness.map { [.lateness: $0] } ?? [:]).histograms
        if let time = reply.armAndCancel { reading.notes[.armAndCancel] = time }
        return reading
    }
}

/// Loads on a program that serves.
struct ServedPeerRuns: PeerRuns {
    private let program: PeerProgram
    private let generator: PeerLoad
    private let load: ServerLoad
    private let port: Int
    private let expected: Int
    let process: OtherProcess

    /// Has the program listen.
    ///
    /// - Throws: ``PeerFailure`` if it does not.
    init(_ program: PeerProgram, _ generator: PeerLoad, _ load: ServerLoad, expected: Int) throws(PeerFailure) {
        self.program = program
        self.generator = generator
        self.load = load
        self.expected = expected
        (port, process) = try program.listen()
    }

    func perform(_ times: Int) throws -> RunReading {
        var all = RunReading()
        for _ in 0..<times {
            do {
                all.add(try one())
            } catch let error as GeneratorFailure {
                // What the clients notice first of a server that has ended is that they get no replies.
                throw program.earlyEnd ?? error
            }
        }
        return all
    }

    private func one() throws -> RunReading {
        var reading = RunReading()
        var (start, used) = (UInt64(0), UInt64(0))
        var finished = 0
        let outcome = try generator.perform(load.program(port)) {
            used = process.cpuTime
            start = MonotonicClock.now()
            if load.hasHogs { program.start(1) }
        } end: {
            if load.hasHogs { finished = try program.answer().answer }
            reading.elapsed = MonotonicClock.now() - start
            let usedNow = process.cpuTime
            reading.usage = ProcessUsage(cpuTime: usedNow - min(used, usedNow))
        }
        let answer = outcome.result.right + finished
        guard answer == expected else {
            throw PeerFailure("served \(answer) right replies instead of \(expected)")
        }
        reading.loadTime = outcome.processorTime
        reading.waits = load.waits(outcome.result).histograms
        return reading
    }
}

extension RunReading {
    /// Adds what another run of the same workload read.
    fileprivate mutating func add(_ other: RunReading) {
        elapsed += other.elapsed
        loadTime += other.loadTime
        usage = ProcessUsage(cpuTime: (usage?.cpuTime ?? 0) + (other.usage?.cpuTime ?? 0))
        waits.merge(other.waits) { own, others in
            var all = own
            all.merge(others)
            return all
        }
    }
}

extension [Series: [UInt64]] {
    /// The waits of each series together.
    fileprivate var histograms: [Series: LatencyHistogram] {
        mapValues { waits in waits.reduce(into: LatencyHistogram()) { $0.record($1) } }
    }
}
