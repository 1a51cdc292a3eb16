// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Random programs, run here and by PyPy's `stackless.py`: a second opinion on what Stackless does.
///
/// `Tests/Peers/pypy-stackless.md` explains what they leave out, and why.
@Suite(
    .enabled(if: PyPy.isInstalled, "there is no pypy3 here; 'scripts/setup --peers=pypy-stackless' installs it"),
    .tags(.slow)
)
struct `Programs that PyPy's Stackless runs, too` {
    @Test(arguments: Configuration.ordered)
    func `They leave the same trace here`(configuration: Configuration) async throws {
        for seeds in PeerBatches.all {
            let batch = try await PeerBatches.shared.batch(seeds)
            guard let report = try await report(on: batch, { try PeerRun.trace(of: $0, on: configuration) }) else {
                continue
            }
            Issue.record("\(report)")
            return
        }
    }

    /// Describes the first program that differs, if any, and its shrunk version.
    private func report(
        on batch: [PeerBatches.Entry],
        _ runner: @escaping PeerDifference.Runner
    ) async throws -> String? {
        guard let difference = try await PeerDifference.first(in: batch, runner: runner) else { return nil }
        return "\(difference)\nWith fewer steps:\n\(try await difference.shrunk(runner: runner))"
    }

    @Test func `Every step is done, and everything that can fail does`() async throws {
        let lines = try await PeerBatches.entries(1..<501).flatMap(\.trace)
        for verb in PeerProgram.Verb.allCases where verb != .throw {
            #expect(lines.contains { isDone(verb, $0) }, "\(verb)")
        }
        let events = [
            " fails ", " failed ", " caught ", "caught exit", " deadlock", "0 end",
            " exit die", " exit end", " exit fail", " exit spawn",
            "blocked tasklet", "dead tasklet", "current tasklet", "skipped",
            "sends on", "receives on", "and waits", " to ",
        ]
        for event in events {
            #expect(lines.contains { $0.contains(event) }, "\(event)")
        }
    }

    /// Whether a line of a trace is about such a step, and the step was not skipped.
    private func isDone(_ verb: PeerProgram.Verb, _ line: String) -> Bool {
        let words = line.prefix { $0 != ":" }.split(separator: " ")
        return words.count > 1 && words[0].contains(".") && words[1] == verb.rawValue && !line.contains("skipped")
    }

    @Test(arguments: Configuration.ordered.prefix(1))
    func `A difference is found, and shrunk to the steps that cause it`(configuration: Configuration) async throws {
        let runner: PeerDifference.Runner = { program in
            var other = program
            for index in other.channels.indices { other.channels[index].schedulesAll.toggle() }
            return try PeerRun.trace(of: other, on: configuration)
        }
        let difference = try await PeerDifference.first(in: PeerBatches.entries(1..<51), runner: runner)
        let shrunk = try #require(try await difference?.shrunk(runner: runner))
        // Two tasklets, a send and a receive; and if one of them is main, it has to give way first.
        #expect(shrunk.program.bodies.reduce(0) { $0 + $1.steps.count } <= 5, "\(shrunk)")
        #expect(shrunk.expected != shrunk.actual)
    }
}
