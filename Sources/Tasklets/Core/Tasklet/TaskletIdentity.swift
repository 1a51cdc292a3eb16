// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// What names a tasklet in reports.
///
/// Part of the ``Tasklet`` object, right after its label, where a signal handler finds it.
struct TaskletIdentity: Sendable {
    /// The name that it was spawned with, if any.
    let name: String?
    /// Where it was spawned.
    let file: StaticString
    let line: UInt32
    let id: UInt64
}

extension TaskletIdentity {
    /// The offset from the address that `sw_current` returns.
    private static var offset: Int {
        let alignment = MemoryLayout<Self>.alignment
        return (Labels.offset + MemoryLayout<UInt32>.size + alignment - 1) / alignment * alignment
    }

    /// For the signal handler.
    static var layout: sw_tasklet_layout {
        sw_tasklet_layout(
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

    /// Traps where a tasklet's identity is not where the signal handler looks for it.
    static func checkLayout(_ node: NodePointer, _ id: UInt64) {
        let found = (UnsafeRawPointer(node) + offset + at(\.id)).load(as: UInt64.self)
        precondition(found == id, "the identity does not follow the label")
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
