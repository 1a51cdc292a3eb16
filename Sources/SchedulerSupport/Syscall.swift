// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import Tasklets

/// Every system call goes through here: retries what a signal interrupted, returns would-block as a value, traps on
/// errors that can only be bugs in this program, and throws the rest.
package enum Syscall {
    /// Performs a call that returns its result or a negated errno.
    ///
    /// - Returns: the result; nil when it would have had to wait, or timed out.
    /// - Throws: ``SchedulerError`` with code `system`, naming the call and the reason.
    @inline(__always)
    package static func perform(_ name: StaticString, _ call: () -> CInt) throws(SchedulerError) -> CInt? {
        while true {
            let result = TracedCalls.areOn ? TracedCalls.record(name, call) : call()
            guard result < 0 else { return result }
            switch -result {
            case EINTR: continue
            case EAGAIN, ETIME: return nil
            case EBADF, EFAULT: fatalError("\(name): \(reason(-result)): an invalid descriptor or buffer was used")
            default: throw SchedulerError.failed("\(name)", errno: -result)
            }
        }
    }

    /// Performs a call that does not fail, but for a bug in this program.
    ///
    /// An interrupted call is not retried: a wait may end early, and its caller looks at the time again.
    ///
    /// - Returns: the result; 0 when the call was interrupted, would have had to wait, or timed out.
    @discardableResult
    package static func expect(_ name: StaticString, _ call: () -> CInt) -> CInt {
        let result = TracedCalls.areOn ? TracedCalls.record(name, call) : call()
        if result >= 0 { return result }
        if [EINTR, EAGAIN, ETIME].contains(-result) { return 0 }
        fatalError("\(name) failed: \(reason(-result))")
    }

    private static func reason(_ code: CInt) -> String { String(cString: strerror(code)) }
}
