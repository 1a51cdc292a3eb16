// SPDX-License-Identifier: Apache-2.0

import Backends
import Foundation
import Glibc
import Tasklets
import TestSupport
import Testing

/// Making an epoll scheduler where the kernel gives it an instance, and then refuses to watch anything.
@Suite struct `An epoll scheduler that cannot be made` {
    @Test func `Throws, and leaves no descriptor open`() async {
        await #expect(processExitsWith: .success) {
            let attempts = 100
            // The filter stays with the thread.
            let (before, after) = try await onItsOwnThread {
                let before = try Self.descriptorCount
                try Refusal.begin()
                for _ in 0..<attempts { try Self.failToMakeScheduler() }
                return (before, try Self.descriptorCount)
            }
            // Others may have opened one or two.
            if after >= before + attempts { fatalError("\(before) descriptors before, \(after) after") }
        }
    }

    private static func failToMakeScheduler() throws {
        do {
            _ = try Backend.epoll.makeScheduler()
            fatalError("the scheduler was made")
        } catch let error as SchedulerError {
            if error.code != .system || !error.message.contains("epoll_ctl") { fatalError("\(error)") }
        }
    }

    private static var descriptorCount: Int {
        get throws { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
    }
}

/// Makes the kernel refuse epoll_ctl(2) to the calling thread, with a filter of system calls, for good.
private enum Refusal {
    private typealias Control = @convention(c) (CInt, UInt, UInt, UInt, UInt) -> CInt

    struct Failed: Error {}

    static func begin() throws {
        guard let address = dlsym(nil, "prctl") else { throw Failed() }
        let control = unsafeBitCast(address, to: Control.self)
        let (setNoNewPrivileges, setFilter, filterMode): (CInt, CInt, UInt) = (38, 22, 2)
        guard control(setNoNewPrivileges, 1, 0, 0, 0) == 0 else { throw Failed() }
        let isRefused = instructions.withUnsafeBufferPointer { instructions in
            var program = (count: UInt16(instructions.count), start: instructions.baseAddress)
            return withUnsafeBytes(of: &program) {
                control(setFilter, filterMode, UInt(bitPattern: $0.baseAddress), 0, 0) == 0
            }
        }
        guard isRefused else { throw Failed() }
    }

    /// Classic BPF: loads the call's number; where that is epoll_ctl's, returns "fail with ENOSPC", else "allow".
    private static let instructions: [UInt64] = [
        instruction(0x20, operand: 0),
        instruction(0x15, ifFalse: 1, operand: epollControl),
        instruction(0x06, operand: 0x0005_0000 | UInt32(ENOSPC)),
        instruction(0x06, operand: 0x7fff_0000),
    ]

    private static func instruction(_ code: UInt64, ifFalse: UInt64 = 0, operand: UInt32) -> UInt64 {
        code | ifFalse << 24 | UInt64(operand) << 32
    }

    #if arch(x86_64)
        private static let epollControl: UInt32 = 233
    #else
        private static let epollControl: UInt32 = 21
    #endif
}
