// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// A program that leaves another trace here than on PyPy.
struct PeerDifference: Sendable {
    /// Runs a program here.
    typealias Runner = @Sendable (PeerProgram) throws -> [String]

    let program: PeerProgram
    let expected: [String]
    let actual: [String]

    /// The first of these programs that differs, if any.
    static func first(in entries: [PeerBatches.Entry], runner: @escaping Runner) async throws -> PeerDifference? {
        let current = Box<PeerProgram?>(nil)
        do {
            return try await onItsOwnThread {
                for entry in entries {
                    current.value = entry.program
                    let actual = try runner(entry.program)
                    if actual != entry.trace {
                        return .init(program: entry.program, expected: entry.trace, actual: actual)
                    }
                }
                return nil
            }
        } catch is Hang {
            throw Failure("no end of: \(current.value.map(String.init(describing:)) ?? "nothing")")
        }
    }

    /// A smaller program that differs, too: the same without some steps, where every remaining step is needed.
    func shrunk(runner: @escaping Runner) async throws -> PeerDifference {
        var smallest = self
        while let smaller = try await smallest.smaller(runner: runner) { smallest = smaller }
        return smallest
    }

    private func smaller(runner: @escaping Runner) async throws -> PeerDifference? {
        let candidates = program.withFewerSteps
        let traces = try await PyPy.traces(of: candidates)
        let entries = zip(candidates, traces).map { PeerBatches.Entry(program: $0, trace: $1) }
        return try await Self.first(in: entries, runner: runner)
    }
}

extension PeerDifference: CustomStringConvertible {
    /// The program and the lines up to the first that differs.
    var description: String {
        let common = zip(expected, actual).prefix { $0 == $1 }.count
        let lines = expected.prefix(common).map { "         \($0)" }
        return """
            \(program)
            \(lines.joined(separator: "\n"))
              PyPy:  \(common < expected.count ? expected[common] : "(the end)")
              here:  \(common < actual.count ? actual[common] : "(the end)")
            """
    }
}

extension PeerProgram {
    /// The program without parts of it, large ones first.
    fileprivate var withFewerSteps: [PeerProgram] {
        let lengths = Set(bodies.map(\.steps.count)).union([1, 2, 4]).sorted(by: >)
        return lengths.filter { $0 > 0 }.flatMap { length in
            bodies.indices.flatMap { body in withoutSteps(length, in: body) }
        }
    }

    private func withoutSteps(_ length: Int, in body: Int) -> [PeerProgram] {
        let count = bodies[body].steps.count
        guard length <= count else { return [] }
        return stride(from: 0, through: count - length, by: length).map { start in
            var program = self
            program.bodies[body].steps.removeSubrange(start..<start + length)
            return program
        }
    }
}
