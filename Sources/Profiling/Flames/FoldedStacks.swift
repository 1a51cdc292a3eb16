// SPDX-License-Identifier: Apache-2.0

/// Stacks as text: frames joined by `;`, a space, and the count, one stack a line.
///
/// That is the folded format of Brendan Gregg's FlameGraph scripts, which many tools read and write.
package enum FoldedStacks {
    /// Stands in for a frame without a name, and for a stack without frames.
    package static let unknown = "(unknown)"

    /// The text, sorted, with equal stacks merged.
    ///
    /// Frame names lose the format's own marks: `;` becomes `:`, line breaks and other control characters become
    /// spaces, and spaces at either end are dropped.
    package static func text(_ stacks: [FoldedStack]) -> String {
        let harmless = stacks.map { FoldedStack(frames: frames($0.frames), count: $0.count) }
        return merged(harmless).map { "\($0.frames.joined(separator: ";")) \(plain($0.count))\n" }.joined()
    }

    /// Parses a text; the stacks keep its order, and empty lines are ignored.
    package static func stacks(_ text: String) throws(FoldedTextError) -> [FoldedStack] {
        var stacks: [FoldedStack] = []
        // By bytes: a carriage return and a line feed together are one `Character`.
        for (index, bytes) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            let line = trimmed(Substring(bytes))
            guard !line.isEmpty else { continue }
            stacks.append(try stack(line, number: index + 1))
        }
        return stacks
    }

    /// The stacks sorted by their frames, with equal ones added up.
    ///
    /// Stacks whose count is not positive and finite are left out.
    package static func merged(_ stacks: [FoldedStack]) -> [FoldedStack] {
        var merged: [FoldedStack] = []
        let sorted = stacks.filter { $0.count > 0 && $0.count.isFinite }
            .sorted { isBefore($0, $1) }
        for stack in sorted {
            if let last = merged.last, last.frames == stack.frames {
                merged[merged.count - 1].count += stack.count
            } else {
                merged.append(stack)
            }
        }
        return merged
    }

    /// Orders by frames, then by counts, so that a sum does not depend on the order of the input.
    private static func isBefore(_ one: FoldedStack, _ other: FoldedStack) -> Bool {
        one.frames == other.frames
            ? one.count < other.count : one.frames.lexicographicallyPrecedes(other.frames)
    }
}

// MARK: - Writing

extension FoldedStacks {
    private static func frames(_ names: [String]) -> [String] {
        names.isEmpty ? [unknown] : names.map(harmless)
    }

    private static func harmless(_ name: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            switch scalar {
            case ";": scalars.append(":")
            case _ where isBreak(scalar): scalars.append(" ")
            default: scalars.append(scalar)
            }
        }
        let text = trimmed(Substring(String(scalars)))
        return text.isEmpty ? unknown : String(text)
    }

    /// Whether a tool may take the scalar for the end of a line, or ignore it.
    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// A count in full precision; whole numbers have no point.
    private static func plain(_ count: Double) -> String {
        Int64(exactly: count).map(String.init) ?? "\(count)"
    }
}

// MARK: - Reading

extension FoldedStacks {
    private static func stack(_ line: Substring, number: Int) throws(FoldedTextError) -> FoldedStack {
        guard let space = line.unicodeScalars.lastIndex(where: isSpace) else {
            throw FoldedTextError(line: number, problem: .noCount)
        }
        let last = line[line.unicodeScalars.index(after: space)...]
        guard let count = count(last) else { throw FoldedTextError(line: number, problem: .badCount(String(last))) }
        let frames = trimmed(line[..<space]).unicodeScalars.split(separator: ";", omittingEmptySubsequences: false)
            .map { String(trimmed(Substring($0))) }
        guard !frames.contains("") else { throw FoldedTextError(line: number, problem: .emptyFrame) }
        return FoldedStack(frames: frames, count: count)
    }

    /// A finite decimal number of at least 0.
    private static func count(_ text: Substring) -> Double? {
        guard text.utf8.allSatisfy({ "0123456789.eE+-".utf8.contains($0) }), let count = Double(text) else {
            return nil
        }
        return count >= 0 && count.isFinite ? count : nil
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }

    /// The text without white space at its ends, by scalars: to Swift, a space with a combining accent is no white
    /// space.
    private static func trimmed(_ text: Substring) -> Substring {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return text[first..<scalars.index(after: last)]
    }
}
