// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement

@Suite struct `Student's t-distribution` {
    @Test(
        "Quantiles agree with the tables",
        arguments: [
            (0.975, 1.0, 12.7062), (0.975, 2, 4.3027), (0.975, 10, 2.2281), (0.975, 30, 2.0423), (0.9, 5, 1.4759),
            (0.995, 4, 4.6041), (0.975, 1e6, 1.95997),
        ]
    )
    func quantiles(probability: Double, freedom: Double, expected: Double) {
        #expect(abs(StudentT.quantile(probability, freedom: freedom) - expected) < 0.0001)
    }

    @Test(arguments: [0.5, 1, 2.7, 38, 400])
    func `A quantile is exceeded on both sides as often as it should be`(freedom: Double) {
        for probability in [0.5001, 0.75, 0.975, 0.9999] {
            let value = StudentT.quantile(probability, freedom: freedom)
            #expect(abs(StudentT.outside(value, freedom: freedom) - 2 * (1 - probability)) < 1e-9)
            #expect(abs(StudentT.cumulative(-value, freedom: freedom) - (1 - probability)) < 1e-9)
        }
    }

    @Test func `Half of all values are below zero`() {
        #expect(StudentT.cumulative(0, freedom: 3) == 0.5)
        #expect(StudentT.outside(0, freedom: 3) == 1)
    }
}
