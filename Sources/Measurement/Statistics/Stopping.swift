// SPDX-License-Identifier: Apache-2.0

/// What decides how many processes a cell has.
package enum Stopping: Sendable, Equatable {
    /// A number that was given in advance.
    case planned
    /// The scatter of those so far: after the planned rounds others follow until it looks small enough (see
    /// ``Settlement``), or the time is over. For a cell with the planned ones only, that is a planned number.
    ///
    /// Such a rule stops more readily where the scatter looks smaller than it is, so that intervals made for 95 % cover
    /// the truth less often. Those made for 97.5 % do it in 95 % of runs or more; the tests simulate that.
    case whenSettled(after: Int)

    /// How often an interval may miss the truth.
    static let error = 0.05

    /// How often one may that is made for a planned number of processes.
    var plannedError: Double { self == .planned ? Self.error : Self.error / 2 }

    /// The same for a cell whose last round is known.
    func asOf(round: Int) -> Stopping {
        guard case .whenSettled(let planned) = self else { return self }
        return round <= planned ? .planned : self
    }
}
