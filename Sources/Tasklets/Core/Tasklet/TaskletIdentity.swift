// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// What names a tasklet in reports.
///
/// Part of the ``TaskletRecord``, where a signal handler finds it.
struct TaskletIdentity: Sendable {
    /// The name that it was spawned with, if any.
    let name: String?
    /// Where it was spawned.
    let file: StaticString
    let line: UInt32
    let id: UInt64
}

extension TaskletIdentity {
    /// For the signal handler.
    static var layout: sw_tasklet_layout {
        // From the address that `sw_current` returns, the node's.
        let offset = TaskletRecord.identityOffset
        return sw_tasklet_layout(
            name: readsStrings ? offset + at(\.name) : 0,
            file: offset + at(\.file),
            line: offset + at(\.line),
            id: offset + at(\.id)
        )
    }

    private static func at(_ field: PartialKeyPath<Self>) -> Int {
        guard let offset = MemoryLayout<Self>.offset(of: field) else { preconditionFailure("no offset") }
        return offset
    }

    /// Whether the signal handler, which reads strings by their words, reads this library's strings right.
    private static var readsStrings: Bool {
        let samples = ["", "short", "too long for the words alone", String(repeating: "made at run time ", count: 2)]
        return samples.allSatisfy { sample in
            let words = unsafeBitCast(sample, to: (UInt64, UInt64).self)
            return withUnsafePointer(to: words) { pointer in
                pointer.withMemoryRebound(to: UInt64.self, capacity: 2) { words in
                    var count = 0
                    guard let bytes = sw_string_bytes(words, &count) else { return false }
                    return UnsafeRawBufferPointer(start: bytes, count: count).elementsEqual(sample.utf8)
                }
            }
        }
    }
}
