// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Testing

@testable import Profiling

@Suite("Folded stacks")
struct FoldedStacksTests {
    @Test("equal stacks become one line, and lines are sorted by their frames")
    func merging() {
        let stacks = [
            FoldedStack(frames: ["b"], count: 1), FoldedStack(frames: ["a", "c"], count: 2),
            FoldedStack(frames: ["a"], count: 3), FoldedStack(frames: ["b"], count: 0.5),
        ]
        #expect(FoldedStacks.text(stacks) == "a 3\na;c 2\nb 1.5\n")
    }

    @Test(
        "characters in names that the format would misread are replaced",
        arguments: [
            ("a;b", "a:b"), ("two\nlines", "two lines"), ("two\r\nlines", "two  lines"), ("tab\t", "tab"),
            (" at both ends  ", "at both ends"), ("", "(unknown)"), (" \n", "(unknown)"), ("a\u{2028}b", "a b"),
            (";\u{301}x", ":\u{301}x"), ("f(_: Int) -> ()", "f(_: Int) -> ()"), ("ends in 12", "ends in 12"),
        ]
    )
    func harmless(name: String, written: String) throws {
        let text = FoldedStacks.text([FoldedStack(frames: ["root", name], count: 7)])
        #expect(text == "root;\(written) 7\n")
        #expect(try FoldedStacks.stacks(text) == [FoldedStack(frames: ["root", written], count: 7)])
    }

    @Test("stacks that are equal only once written are merged")
    func mergingHarmless() {
        let stacks = [FoldedStack(frames: ["a;b"], count: 1), FoldedStack(frames: ["a:b "], count: 2)]
        #expect(FoldedStacks.text(stacks) == "a:b 3\n")
    }

    @Test("a stack without frames is kept")
    func noFrames() {
        #expect(FoldedStacks.text([FoldedStack(frames: [], count: 2)]) == "(unknown) 2\n")
    }

    @Test("stacks with invalid counts are left out", arguments: [0, -1, Double.nan, .infinity, -.infinity])
    func noCount(count: Double) {
        #expect(FoldedStacks.text([FoldedStack(frames: ["a"], count: count)]).isEmpty)
    }

    @Test("counts of any size round-trip", arguments: [1, 0.1, 1e-9, 123_456_789_012, 3.5e200, 1 / 3.0])
    func counts(count: Double) throws {
        let stacks = [FoldedStack(frames: ["a"], count: count)]
        #expect(try FoldedStacks.stacks(FoldedStacks.text(stacks)) == stacks)
    }

    @Test("text of other tools parses: spaces in names, carriage returns, empty lines, no final line feed")
    func reading() throws {
        let stacks = try FoldedStacks.stacks("a b;c (d) 1\r\n\r\n  x ; y \t 2.5e1 \n\nz 0")
        #expect(
            stacks == [
                FoldedStack(frames: ["a b", "c (d)"], count: 1), FoldedStack(frames: ["x", "y"], count: 25),
                FoldedStack(frames: ["z"], count: 0),
            ]
        )
        #expect(try FoldedStacks.stacks("").isEmpty)
    }

    @Test(
        "an error names the line that is not in the format",
        arguments: [
            ("a 1\nb", 2, FoldedTextError.Problem.noCount), ("a 1\n\nb c\n", 3, .badCount("c")),
            ("a -1", 1, .badCount("-1")), ("a nan", 1, .badCount("nan")), ("a inf", 1, .badCount("inf")),
            ("a 0x10", 1, .badCount("0x10")), ("a 1e999", 1, .badCount("1e999")), ("a;;b 1", 1, .emptyFrame),
            ("; 1", 1, .emptyFrame), (" 1", 1, .noCount), ("\n\n5", 3, .noCount),
        ]
    )
    func refusal(text: String, line: Int, problem: FoldedTextError.Problem) {
        let error = #expect(throws: FoldedTextError.self) { try FoldedStacks.stacks(text) }
        #expect(error?.line == line)
        #expect(error?.problem == problem)
        #expect(error?.description.hasPrefix("line \(line): ") == true)
    }

    @Test("the order of input makes no difference, not even in the last digit of a sum")
    func order() {
        let counts = [0.1, 0.2, 0.3, 1e16, 0.7, 1]
        let stacks = counts.map { FoldedStack(frames: ["a"], count: $0) }
        #expect(FoldedStacks.text(stacks) == FoldedStacks.text(stacks.reversed()))
    }

    @Test("random stacks round-trip", arguments: 1...50 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let alphabet = ["a", "b", ";", " ", "\n", "\r\n", "<", "é", "e\u{301}", "🙂", "\u{301}", "\0", "9"]
        let stacks = (0..<40).map { _ in
            FoldedStack(
                frames: (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                    (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                        alphabet[Int.random(in: 0..<13, using: &random)]
                    }.joined()
                },
                count: Double(Int.random(in: 0..<5, using: &random))
            )
        }
        let text = FoldedStacks.text(stacks)
        let read = try FoldedStacks.stacks(text)
        #expect(FoldedStacks.text(read) == text)
        #expect(read == FoldedStacks.merged(read))
        #expect(read.reduce(0) { $0 + $1.count } == stacks.reduce(0) { $0 + $1.count })
    }
}
