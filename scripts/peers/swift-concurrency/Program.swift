// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What one run measures, and its answer.
struct Outcome {
    /// Nanoseconds, or bytes.
    var measured: Int
    var answer: Int
    /// Only of `timers`: the nanoseconds from each deadline to when its task ran.
    var lateness: [Int] = []
    /// Only of `timers`: the nanoseconds that a deadline costs that is armed and cancelled.
    var armCancel: Double?
}

/// The values of the arguments NAME=VALUE.
struct Parameters {
    private var values: [String: Int] = [:]

    init(_ arguments: ArraySlice<String>) {
        for argument in arguments {
            let words = argument.split(separator: "=")
            if words.count == 2, let value = Int(words[1]) { values[String(words[0])] = value }
        }
    }

    subscript(name: String) -> Int {
        guard let value = values[name] else { fatalError("\(name) is missing") }
        return value
    }
}

/// A workload, and how it runs once.
struct Workload: Sendable {
    let name: String
    var measure = "nanoseconds"
    let run: @Sendable @concurrent (Parameters) async -> Outcome
}

/// The protocol, on the main thread, which blocks for its input: no task of a workload runs on it.
@main enum Program {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "announce" {
            announce()
        } else if let workload = Peer.workloads.first(where: { $0.name == arguments.first }) {
            await answerLines(workload, Parameters(arguments.dropFirst()))
        } else {
            print("usage: peer announce | peer WORKLOAD NAME=VALUE ...")
            exit(2)
        }
    }

    private static func announce() {
        let names = Peer.workloads.map { "\"\($0.name)\"" }.joined(separator: ", ")
        print(
            "{\"protocol\": 1, \"name\": \"\(Peer.name)\", \"version\": \"\(Peer.version)\", "
                + "\"workloads\": [\(names)], \"parallel\": true}"
        )
    }

    private static func answerLines(_ workload: Workload, _ parameters: Parameters) async {
        while let line = readLine() {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == "run", let times = Int(words[1]) {
                print(answer(workload.measure, await repeated(times, workload, parameters)))
            } else {
                print("{\"error\": \"the line is not understood\"}")
            }
            fflush(nil)
        }
    }

    private static func repeated(_ times: Int, _ workload: Workload, _ parameters: Parameters) async -> [Outcome] {
        var outcomes: [Outcome] = []
        for _ in 0..<times { outcomes.append(await workload.run(parameters)) }
        return outcomes
    }

    private static func answer(_ measure: String, _ outcomes: [Outcome]) -> String {
        let measured = outcomes.map(\.measured).reduce(0, +)
        var fields = ["\"\(measure)\": \(measured)"]
        if Set(outcomes.map(\.answer)).count != 1 { return "{\"error\": \"the answers of the runs differ\"}" }
        fields += outcomes.first.map { ["\"answer\": \($0.answer)"] } ?? []
        let costs = outcomes.compactMap(\.armCancel)
        if !costs.isEmpty {
            fields.append("\"lateness\": \(outcomes.flatMap(\.lateness))")
            fields.append("\"arm-cancel\": \(costs.reduce(0, +) / Double(costs.count))")
        }
        return "{\(fields.joined(separator: ", "))}"
    }
}
