// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Profiling

@Suite("Readable Swift names")
struct ReadableSwiftTests {
    @Test(
        "noise is dropped and the rest kept",
        arguments: [
            ("specialized static Resumption.isDue(after:)", "static Resumption.isDue(after:)"),
            ("partial apply for specialized closure #1 in f(_:)", "partial apply for closure #1 in f(_:)"),
            ("merged specialized f()", "f()"),
            (
                "merged #1 () in specialized #2 () in specialized(_:)",
                "merged #1 () in specialized #2 () in specialized(_:)"
            ),
            ("waitForProcessTermination@Sendable (for:)", "waitForProcessTermination(for:)"),
            ("applyNext #1 @Sendable (iterator:) in f(to:)", "applyNext #1 (iterator:) in f(to:)"),
            (
                "closure #1 in fold0 #1 <A><A1>@Sendable () in F.fold<A>(_:with:)",
                "closure #1 in fold0 #1 () in F.fold(_:with:)"
            ),
            ("thunk for @escaping @isolated(any) @callee_guaranteed @async () -> (@out A)", "thunk for () -> (A)"),
            ("outlined copy of Result<Int, Error>", "outlined copy of Result<Int, Error>"),
            ("closure #2 in static Array<A>.f<A, B>(_:)", "closure #2 in static Array.f(_:)"),
            ("S<(A) -> B<C>>.T<>.f<A where A: P<B>>(_:)", "S.T.f(_:)"),
            (
                "protocol witness for static P.< infix(_:_:) in conformance <A> D<A>",
                "protocol witness for static P.< infix(_:_:) in conformance D"
            ),
            ("static Relaxed.<< infix<A>(_:_:)", "static Relaxed.<< infix(_:_:)"),
            ("closure #1 in <> infix(_:_:)", "closure #1 in <> infix(_:_:)"),
            ("-> prefix<A>(_:)", "-> prefix(_:)"),
            ("`a <b> @c`() in f<A>()", "`a <b> @c`() in f<A>()"),
            ("f<A", "f<A"),
            ("", ""),
        ]
    )
    func shortened(simplified: String, name: String) {
        #expect(ReadableSwift.name(simplified) == name)
    }
}
