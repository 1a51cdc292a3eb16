// SPDX-License-Identifier: Apache-2.0

import Subprocess
import Testing

@testable import bench

@Suite("Crash sentences")
struct CrashTests {
    @Test("the line that tells the reason is chosen from many")
    func fatalError() {
        let errors = "noise\nFile.swift:3: Fatal error: out of luck\nmore noise\n"
        #expect(
            Crash.sentence(.signaled(4), standardError: errors)
                == "it crashed with signal 4 (SIGILL): File.swift:3: Fatal error: out of luck"
        )
    }

    @Test("without a reason the ending alone is told")
    func silent() {
        #expect(Crash.sentence(.signaled(11), standardError: "") == "it crashed with signal 11 (SIGSEGV)")
        #expect(Crash.sentence(.exited(3), standardError: "\n") == "it exited with status 3")
        #expect(Crash.sentence(.signaled(34), standardError: "") == "it crashed with signal 34")
    }
}
