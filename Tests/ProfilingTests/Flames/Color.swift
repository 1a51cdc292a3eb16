// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// Kinds of colour vision: with all three types of cones, or without one.
enum Vision: CaseIterable, Sendable {
    case trichromacy, protanopia, deuteranopia, tritanopia

    /// The matrix that simulates it on linear red, green and blue.
    ///
    /// - SeeAlso: Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
    ///   Deficiency", 2009, severity 1.0.
    var matrix: [SIMD3<Double>] {
        switch self {
        case .trichromacy: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        case .protanopia:
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
        case .deuteranopia:
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
        case .tritanopia:
            [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
        }
    }
}

/// A colour of the sRGB space, as linear red, green and blue.
struct Color {
    private let linear: SIMD3<Double>

    /// Parses `#rrggbb`.
    init(_ text: String) throws {
        let number = try #require(Int(text.dropFirst(), radix: 16))
        let parts = SIMD3(Double(number >> 16), Double(number >> 8 & 255), Double(number & 255)) / 255
        linear = SIMD3(Self.linear(parts.x), Self.linear(parts.y), Self.linear(parts.z))
    }

    /// The contrast ratio of WCAG 2.
    func contrast(to other: Color) -> Double {
        let (one, two) = (luminance, other.luminance)
        return (max(one, two) + 0.05) / (min(one, two) + 0.05)
    }

    /// The perceived distance of two colours: that in the OKLab space, where black and white are 1 apart.
    func distance(to other: Color, seenWith vision: Vision) -> Double {
        let apart = lab(seenWith: vision) - other.lab(seenWith: vision)
        return (apart * apart).sum().squareRoot()
    }

    private var luminance: Double { (linear * [0.2126, 0.7152, 0.0722]).sum() }

    private func lab(seenWith vision: Vision) -> SIMD3<Double> {
        let seen = Self.times(vision.matrix, linear).clamped(lowerBound: [0, 0, 0], upperBound: [1, 1, 1])
        let cones = Self.times(
            [
                [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ],
            seen
        )
        return Self.times(
            [
                [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ],
            SIMD3(cbrt(cones.x), cbrt(cones.y), cbrt(cones.z))
        )
    }

    private static func times(_ matrix: [SIMD3<Double>], _ vector: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3((matrix[0] * vector).sum(), (matrix[1] * vector).sum(), (matrix[2] * vector).sum())
    }

    private static func linear(_ part: Double) -> Double {
        part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
}
