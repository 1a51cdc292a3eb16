// SPDX-License-Identifier: Apache-2.0

import CDependencies
import Glibc
import NIOCore
import NIOPosix

/// What a line of input asks for, and the fields of its answer.
typealias Answer = [(name: String, value: String)]

/// A workload that is ready.
protocol Workload {
    /// Performs it a number of times.
    func run(_ times: Int) throws -> Answer

    /// Serves; returns the port.
    func listen() throws -> Int
}

extension Workload {
    func run(_ times: Int) throws -> Answer { throw Unknown() }
    func listen() throws -> Int { throw Unknown() }
}

/// A line that the workload does not know.
struct Unknown: Error {}

/// The protocol, on the main thread, which blocks for its input; the work is done on the event loop.
///
/// See ../../README.md.
@main enum Program {
    private typealias Make = @Sendable (any EventLoop, [String: Int]) -> any Workload

    private static let workloads: [(name: String, make: Make)] = [
        ("timers", Timers.init), ("echo", EchoServer.init), ("http-server", PageServer.init),
        ("fan-out-http", FanOut.init), ("hog", EchoServer.init),
    ]

    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "announce" {
            announce()
        } else if let make = workloads.first(where: { $0.name == arguments.first })?.make {
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            answerLines(make(group.next(), parameters(arguments.dropFirst())))
        } else {
            print("usage: peer announce | peer WORKLOAD NAME=VALUE ...")
            exit(2)
        }
    }

    private static func announce() {
        let names = workloads.map { "\"\($0.name)\"" }.joined(separator: ", ")
        let versions = String(cString: dependency_versions()).split(separator: " ")
        let version = versions.first { $0.hasPrefix("swift-nio=") }?.split(separator: "=").last ?? "of unknown version"
        print(
            "{\"protocol\": 1, \"name\": \"swift-nio\", \"version\": \"SwiftNIO \(version)\", "
                + "\"workloads\": [\(names)]}"
        )
    }

    private static func parameters(_ arguments: ArraySlice<String>) -> [String: Int] {
        let settings = arguments.map { $0.split(separator: "=") }.filter { $0.count == 2 }
        return Dictionary(uniqueKeysWithValues: settings.map { (String($0[0]), Int($0[1]) ?? 0) })
    }

    private static func answerLines(_ workload: any Workload) {
        while let line = readLine() {
            let fields: Answer
            do {
                fields = try answer(line, workload)
            } catch {
                fields = [("error", "\"\(error)\"")]
            }
            print("{\(fields.map { "\"\($0.name)\": \($0.value)" }.joined(separator: ", "))}")
            fflush(nil)
        }
    }

    private static func answer(_ line: String, _ workload: any Workload) throws -> Answer {
        if line == "listen" { return [("port", "\(try workload.listen())")] }
        let words = line.split(separator: " ")
        guard words.count == 2, words[0] == "run", let times = Int(words[1]) else { throw Unknown() }
        return try workload.run(times)
    }
}
