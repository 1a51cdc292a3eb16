// SPDX-License-Identifier: Apache-2.0

/// The value of a workload's parameter: a whole number, or one of the words that the parameter allows.
///
/// In JSON it is a bare number or string. On the command line and in results it is written as ``description`` has it.
public enum ParameterValue: Sendable, Hashable {
    /// A whole number.
    case number(Int)
    /// A word, such as `one-shot`.
    case word(String)

    /// The number; nil for a word.
    public var number: Int? {
        if case .number(let number) = self { number } else { nil }
    }

    /// The word; nil for a number.
    public var word: String? {
        if case .word(let word) = self { word } else { nil }
    }
}

extension ParameterValue: CustomStringConvertible {
    public var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .word(let word): word
        }
    }
}

extension ParameterValue: ExpressibleByIntegerLiteral {
    public init(integerLiteral number: Int) { self = .number(number) }
}

extension ParameterValue: ExpressibleByStringLiteral {
    public init(stringLiteral word: String) { self = .word(word) }
}

extension ParameterValue: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else {
            self = .word(try container.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .word(let word): try container.encode(word)
        }
    }
}
