// SPDX-License-Identifier: Apache-2.0

/// Holm's correction for several comparisons at once.
///
/// With it, the probability that one or more of the comparisons call equal cells different stays at 5 % in total, as
/// many as there are: Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of
/// Statistics 6 (1979).
package enum Holm {
    /// The corrected p-values, in the order of the given ones.
    package static func corrected(_ probabilities: [Double]) -> [Double] {
        var corrected = probabilities
        var largest = 0.0
        for (rank, index) in probabilities.indices.sorted(by: { probabilities[$0] < probabilities[$1] }).enumerated() {
            largest = max(largest, min(1, probabilities[index] * Double(probabilities.count - rank)))
            corrected[index] = largest
        }
        return corrected
    }
}
