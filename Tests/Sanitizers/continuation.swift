// SPDX-License-Identifier: Apache-2.0
//
// A thread changes a number and resumes a continuation, whose task then changes the number, too. Where the continuation
// is resumed before the task has suspended, the thread sanitizer reports races, of the number and within the
// continuation: the runtime, whose exchange of the continuation's state puts the one before the other, is not
// instrumented.
//
// swiftc -g -Onone -parse-as-library -sanitize=thread continuation.swift && ./continuation

import Foundation

@main enum Program {
    static func main() async {
        nonisolated(unsafe) let number = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        number.initialize(to: 0)
        for _ in 0..<1000 {
            await withUnsafeContinuation { continuation in
                Thread.detachNewThread {
                    number.pointee += 1
                    continuation.resume()
                }
                for _ in 0..<100 { sched_yield() }
            }
            number.pointee += 1
        }
        print(number.pointee)
    }
}
