// SPDX-License-Identifier: Apache-2.0

import Subprocess
import Testing

@testable import Harness

@Suite("Crash descriptions")
struct CrashTests {
    @Test("the line with the fatal error is the reason")
    func fatalError() {
        let errors = "noise\nFile.swift:3: Fatal error: out of luck\nmore noise\n"
        #expect(
            Crash.description(of: .signaled(4), standardError: errors)
                == "crashed with signal 4 (SIGILL): File.swift:3: Fatal error: out of luck"
        )
    }

    @Test("without a reason, only the termination status is described")
    func silent() {
        #expect(Crash.description(of: .signaled(11), standardError: "") == "crashed with signal 11 (SIGSEGV)")
        #expect(Crash.description(of: .exited(3), standardError: "\n") == "exited with status 3")
        #expect(Crash.description(of: .signaled(34), standardError: "") == "crashed with signal 34")
    }
}
