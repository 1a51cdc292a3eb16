// SPDX-License-Identifier: Apache-2.0

@preconcurrency import Glibc
import SystemPackage

/// A child process of a trial, whose standard input is a socket to it, and, for a peer, its standard output.
///
/// Not through `Subprocess`, whose threads would be in the trial's process while that measures.
struct SpawnedChild: Sendable {
    /// This end of the socket; it closes on exec.
    let socket: Int32
    /// Its number.
    let process: pid_t

    /// Starts this program with some arguments.
    ///
    /// Both of its outputs are standard error: standard output is this process's line to its parent.
    ///
    /// - Throws: ``GeneratorFailure`` if the kernel refuses.
    static func ofThisProgram(_ arguments: String...) throws(GeneratorFailure) -> SpawnedChild {
        do throws(Errno) { return try start(arguments, answersOnSocket: false) } catch {
            throw GeneratorFailure(error.rawValue, "could not be started")
        }
    }

    /// Starts a peer's program, which answers on the socket and dies with the calling thread.
    ///
    /// - Throws: the kernel's reason if it refuses.
    static func ofPeer(_ path: String, _ arguments: [String]) throws(Errno) -> SpawnedChild {
        try start([ChildCommand.peer.rawValue, path] + arguments, answersOnSocket: true)
    }

    private static func start(_ arguments: [String], answersOnSocket: Bool) throws(Errno) -> SpawnedChild {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Errno(rawValue: errno) }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, answersOnSocket ? ends[1] : STDERR_FILENO, STDOUT_FILENO)
        var argv = (["bench"] + arguments).map { strdup($0) } + [nil]
        defer { for argument in argv { free(argument) } }
        var process = pid_t()
        let code = posix_spawn(&process, "/proc/self/exe", &actions, nil, &argv, environ)
        guard code == 0 else {
            close(ends[0])
            throw Errno(rawValue: code)
        }
        return SpawnedChild(socket: ends[0], process: process)
    }

    /// Waits for the end, and says how it came.
    func wait() -> String {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return "cannot be waited for" } }
        return Self.ending(status)
    }

    /// Waits for the end, and brings it about when the time is over; has no effect on a process that has been waited for,
    /// whose number may be another's by now.
    func wait(atMost time: Duration) {
        let deadline = ContinuousClock.now + time
        while ending == nil {
            guard ContinuousClock.now < deadline else {
                kill(process, SIGKILL)
                _ = wait()
                return
            }
            usleep(1_000)
        }
    }

    /// How it ended; nil if it has not.
    ///
    /// The kernel says how once, and then that there is no such child.
    var ending: String? {
        var status: Int32 = 0
        switch waitpid(process, &status, WNOHANG) {
        case 0: return nil
        case process: return Self.ending(status)
        default: return "has ended"
        }
    }

    private static func ending(_ status: Int32) -> String {
        let signal = status & 0x7f
        return signal == 0 ? "ended with exit status \(status >> 8 & 0xff)" : "was killed by signal \(signal)"
    }
}
