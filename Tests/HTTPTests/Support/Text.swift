// SPDX-License-Identifier: Apache-2.0

/// Calls an asynchronous function with the UTF-8 of a text.
func withBytes<R>(of text: String, _ body: (UnsafeRawBufferPointer) async throws -> R) async rethrows -> R {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
    defer { bytes.deallocate() }
    bytes.copyBytes(from: text.utf8)
    return try await body(UnsafeRawBufferPointer(bytes))
}
