// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Makes the kernel refuse a system call to the calling thread, with a filter of system calls, for good.
enum Refusal {
    private typealias Control = @convention(c) (CInt, UInt, UInt, UInt, UInt) -> CInt

    struct Failed: Error {}

    #if arch(x86_64)
        static let epollControl: UInt32 = 233
    #else
        static let epollControl: UInt32 = 21
    #endif
    static let ringSetUp: UInt32 = 425

    /// From now on, the call with that number fails with `code`.
    static func begin(of call: UInt32, with code: CInt) throws {
        guard let address = dlsym(nil, "prctl") else { throw Failed() }
        let control = unsafeBitCast(address, to: Control.self)
        let (setNoNewPrivileges, setFilter, filterMode): (CInt, CInt, UInt) = (38, 22, 2)
        guard control(setNoNewPrivileges, 1, 0, 0, 0) == 0 else { throw Failed() }
        let isRefused = instructions(call, code).withUnsafeBufferPointer { instructions in
            var program = (count: UInt16(instructions.count), start: instructions.baseAddress)
            return withUnsafeBytes(of: &program) {
                control(setFilter, filterMode, UInt(bitPattern: $0.baseAddress), 0, 0) == 0
            }
        }
        guard isRefused else { throw Failed() }
    }

    /// Classic BPF: loads the call's number; where that is the refused one, returns "fail with the code", else "allow".
    private static func instructions(_ call: UInt32, _ code: CInt) -> [UInt64] {
        [
            instruction(0x20, operand: 0),
            instruction(0x15, ifFalse: 1, operand: call),
            instruction(0x06, operand: 0x0005_0000 | UInt32(code)),
            instruction(0x06, operand: 0x7fff_0000),
        ]
    }

    private static func instruction(_ code: UInt64, ifFalse: UInt64 = 0, operand: UInt32) -> UInt64 {
        code | ifFalse << 24 | UInt64(operand) << 32
    }
}
