// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Profiling

@Suite("Palettes")
struct PaletteTests {
    /// The colour of the text in boxes.
    private static let ink = "#1b1b1b"

    @Test("the text in boxes of every colour has WCAG's contrast")
    func contrast() throws {
        let colors = FlameCategory.allCases.map(\.color) + DifferenceScale.swatches.map(\.color)
        for color in colors {
            #expect(try Color(color).contrast(to: Color(Self.ink)) >= 4.5, "\(color)")
        }
    }

    @Test("any two categories are distinguishable in every kind of colour vision", arguments: Vision.allCases)
    func categories(vision: Vision) throws {
        let colors = FlameCategory.allCases.map(\.color)
        for (index, one) in colors.enumerated() {
            for other in colors[..<index] {
                let distance = try Color(one).distance(to: Color(other), seenWith: vision)
                #expect(distance > 0.07, "\(one) and \(other)")
            }
        }
    }

    @Test(
        "less, equal, more and not certain are distinguishable in every kind of colour vision",
        arguments: Vision.allCases
    )
    func differences(vision: Vision) throws {
        let colors = [0, 2, 4, 6, 8, 9].map { DifferenceScale.swatches[$0].color }
        for (index, one) in colors.enumerated() {
            for other in colors[..<index] {
                let distance = try Color(one).distance(to: Color(other), seenWith: vision)
                #expect(distance > 0.07, "\(one) and \(other)")
            }
        }
    }

    @Test("every category has a distinct label and colour")
    func distinct() {
        #expect(Set(FlameCategory.allCases.map(\.label)).count == 12)
        #expect(Set(FlameCategory.allCases.map(\.color)).count == 12)
    }
}
