// SPDX-License-Identifier: Apache-2.0
//
// Two threads change a dictionary in a Mutex. The thread sanitizer reports a "Swift access race": the library that
// makes a thread wait for a Mutex is not instrumented.
//
// swiftc -g -Onone -sanitize=thread mutex.swift && ./mutex

import Foundation
import Synchronization

private let values = Mutex([Int: Int]())
let done = DispatchSemaphore(value: 0)
for thread in 0..<2 {
    Thread.detachNewThread {
        for number in 0..<1000 {
            values.withLock { values in
                values[number] = thread
                usleep(1)
            }
        }
        done.signal()
    }
}
done.wait()
done.wait()
print(values.withLock { $0.count })
