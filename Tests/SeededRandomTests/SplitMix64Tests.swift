// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Testing

@Suite("SplitMix64")
struct SplitMix64Tests {
    @Test("the generator follows the published sequence")
    func published() {
        var generator = SplitMix64(seed: 1_234_567)
        #expect(
            (0..<3).map { _ in generator.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ]
        )
    }

    @Test("the same seed gives the same sequence, another seed another")
    func seeds() {
        func sequence(_ seed: UInt64) -> [UInt64] {
            var generator = SplitMix64(seed: seed)
            return (0..<10).map { _ in generator.next() }
        }
        #expect(sequence(7) == sequence(7))
        #expect(sequence(7) != sequence(8))
    }
}
