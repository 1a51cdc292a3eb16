// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Testing

@testable import Profiling

@Suite("A real profile")
struct EndToEndTests {
    @Test(
        "most samples are in the function that spins",
        .enabled(if: OwnProcess.hasProfiler, "libprofiler.so.0 of gperftools is missing"),
        .enabled(if: OwnProcess.hasSymbolizer, "llvm-symbolizer or swift-demangle is missing"),
        .timeLimit(.minutes(1))
    )
    func spinning() async throws {
        let folder = FileManager.default.temporaryDirectory.path
        let path = "\(folder)/switchyard-\(UInt64.random(in: 0...(.max))).prof"
        defer { unlink(path) }
        await #expect(processExitsWith: .success) { [path = path as String] in
            try Gperftools.record(to: path) { spin(forProcessorSeconds: 0.5) }
        }
        let profile = try GperftoolsFile(bytes: #require(OwnProcess.bytes(path)), name: path)
        #expect(profile.sampleCount > 10)
        #expect(profile.mappings.contains { $0.path == "[vdso]" })
        let frames = try await Symbolizer().frames(of: profile.lookUpAddresses, in: profile.mappings)
        let leaves = profile.stacks.map { stack in (frames[stack.addresses[0]]?.last?.function ?? "", stack.count) }
        let counts = Dictionary(leaves, uniquingKeysWith: +)
        #expect(counts.max { $0.value < $1.value }?.key == "spinForCalls(_:)", "\(counts)")
        let callers = profile.stacks.flatMap { $0.lookUpAddresses.dropFirst() }.flatMap { frames[$0] ?? [] }
        #expect(callers.contains { $0.function == "spin(forProcessorSeconds:)" && $0.module == "ProfilingTests" })
    }
}

/// The profiler of gperftools, loaded at run time.
private enum Gperftools {
    private struct Missing: Error {}

    static func record(to path: String, _ body: () -> Void) throws {
        let library = dlopen("libprofiler.so.0", RTLD_NOW)
        guard let start = dlsym(library, "ProfilerStart"), let stop = dlsym(library, "ProfilerStop") else {
            throw Missing()
        }
        guard unsafeBitCast(start, to: (@convention(c) (UnsafePointer<CChar>) -> Int32).self)(path) != 0 else {
            throw Missing()
        }
        body()
        unsafeBitCast(stop, to: (@convention(c) () -> Void).self)()
    }
}

@inline(never)
private func spin(forProcessorSeconds seconds: Double) {
    let end = clock() + Int(seconds * Double(CLOCKS_PER_SEC))
    var value: Int32 = 1
    while clock() < end { value ^= spinForCalls(100_000 + value & 1) }
}
