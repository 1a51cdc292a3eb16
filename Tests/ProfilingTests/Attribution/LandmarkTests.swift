// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Profiling

/// Landmarks name code of other modules: renaming that code must fail here, rather than change profiles.
@Suite(.enabled(if: OwnProcess.hasSymbolizer, "llvm-symbolizer or swift-demangle is missing"))
struct `The profiler's landmarks` {
    private static let swiftNames = Landmarks.all.filter { $0.module != nil }
    private static let cNames = Landmarks.all.filter { $0.module == nil }

    private static let frames = Task { try await SwiftSymbols.frames(in: swiftNames) }

    @Test func `Each Swift name is a declaration of this package`() async throws {
        let frames = try await Self.frames.value
        let stale = Self.swiftNames.filter { !frames.contains(where: $0.matches) }.map(\.description)
        #expect(stale == [])
    }

    @Test func `Each C name is a function`() {
        let objects = SymbolTable.ofThisProcess { path in
            ["libdispatch.so", "libswift_Concurrency.so"].contains { path.hasSuffix($0) }
        }
        let stale = Self.cNames.map(\.description).filter { name in !objects.contains { $0.contains(function: name) } }
        #expect(stale == [])
    }

    @Test func `Each backend polls or waits`() async throws {
        let frames = try await Self.frames.value
        let backends = Set(frames.compactMap(\.module)).filter { $0.hasSuffix("Backend") }
        #expect(!backends.isEmpty)
        let recognised = frames.filter((Landmarks.poll + Landmarks.wait).match).compactMap(\.module)
        #expect(backends.subtracting(recognised) == [])
    }
}

@Suite struct `A code name` {
    private func frame(_ module: String?, _ path: String..., function: String = "") -> Frame {
        Frame(function: function, module: module, path: path)
    }

    @Test func `It matches a declaration and everything below it`() {
        let name: CodeName = "Tasklets.WaitQueue"
        #expect(name.matches(frame("Tasklets", "WaitQueue")))
        #expect(name.matches(frame("Tasklets", "WaitQueue", "insert(_:before:)")))
        #expect(!name.matches(frame("Tasklets", "WaitQueues")))
        #expect(!name.matches(frame("Tasklets")))
        #expect(!name.matches(frame("Workloads", "WaitQueue")))
        #expect(!name.matches(frame(nil, "WaitQueue")))
    }

    @Test func `It may omit argument labels`() {
        #expect(("A.B.link" as CodeName).matches(frame("A", "B", "link(_:before:)")))
        #expect(!("A.B.link" as CodeName).matches(frame("A", "B", "linked")))
        #expect(("A.B.wait(at:*" as CodeName).matches(frame("A", "B", "wait(at:until:_:)")))
        #expect(!("A.B.wait(at:*" as CodeName).matches(frame("A", "B", "wait(_:_:_:)")))
    }

    @Test func `A star matches any characters`() {
        #expect(("*Backend.*.poll" as CodeName).matches(frame("EpollBackend", "EpollScheduler", "poll")))
        #expect(!("*Backend.*.poll" as CodeName).matches(frame("Workloads", "EpollScheduler", "poll")))
        #expect(("A.*" as CodeName).matches(frame("A")))
    }

    @Test func `Without dots it matches a C function`() {
        #expect(("linux_*" as CodeName).matches(frame(nil, function: "linux_poll_all")))
        #expect(("sw_resume" as CodeName).matches(frame(nil, function: "sw_resume")))
        #expect(!("sw_resume" as CodeName).matches(frame("Workloads", "sw_resume", function: "sw_resume")))
    }
}
