// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess

/// Describes how a process failed.
enum Crash {
    /// The termination status and, if the process printed one, the reason.
    static func description(of status: TerminationStatus, standardError: String) -> String {
        let reason = reason(standardError)
        return ending(status) + (reason.isEmpty ? "" : ": \(reason)")
    }

    private static func ending(_ status: TerminationStatus) -> String {
        switch status {
        case .exited(let code): "exited with status \(code)"
        case .signaled(let signal): "crashed with \(name(signal))"
        }
    }

    private static func name(_ signal: Int32) -> String {
        let names = [
            SIGILL: "SIGILL", SIGTRAP: "SIGTRAP", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGSEGV: "SIGSEGV",
            SIGKILL: "SIGKILL", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM", SIGINT: "SIGINT",
        ]
        return "signal \(signal)" + (names[signal].map { " (\($0))" } ?? "")
    }

    /// The line with the fatal error, or else the last line.
    private static func reason(_ standardError: String) -> String {
        let lines = standardError.split(separator: "\n").map { Console.oneLine(String($0)) }.filter { !$0.isEmpty }
        let line = lines.first { $0.contains("Fatal error") || $0.contains("fatal error") } ?? lines.last ?? ""
        return String(line.prefix(300))
    }
}
