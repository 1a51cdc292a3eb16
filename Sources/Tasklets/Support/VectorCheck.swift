// SPDX-License-Identifier: Apache-2.0

/// Refuses values that the compiler of Swift 6.3 passes wrongly to optimized asynchronous functions: vectors of more
/// than 16 bytes.
enum VectorCheck {
    /// Traps, with a sentence that names `carrier`, where `T` is such a vector, or an optional one.
    @inline(__always) static func refuse<T>(_ type: T.Type, in carrier: @autoclosure () -> String) {
        // Ordinary types are told by their size: looking at the type costs more than making a channel.
        guard MemoryLayout<T>.size > 16, MemoryLayout<T>.alignment >= 16 else { return }
        if isVector(type) { trap(type, carrier()) }
    }

    @inline(never) private static func isVector(_ type: Any.Type) -> Bool {
        type is any SIMD.Type || type is any OptionalVector.Type
    }

    @inline(never) private static func trap(_ type: Any.Type, _ carrier: String) -> Never {
        fatalError(
            """
            \(carrier) cannot carry \(type): vectors of more than 16 bytes are not safe in optimized asynchronous \
            functions of Swift 6.3; send it in an array or a class
            """
        )
    }
}

private protocol OptionalVector {}

extension Optional: OptionalVector where Wrapped: SIMD {}
