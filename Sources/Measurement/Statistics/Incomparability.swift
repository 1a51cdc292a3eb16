// SPDX-License-Identifier: Apache-2.0

/// Why a cell, or a metric of it, cannot be compared in two runs.
package enum Incomparability: Sendable, Hashable {
    /// The new run does not have it.
    case onlyInOld
    /// The old run does not have it.
    case onlyInNew
    /// A run has no measurement of the cell: one of the outcomes is not ok.
    case status(old: TrialStatus, new: TrialStatus)
    /// The units differ.
    case unit
    /// In one run lower values are better, in the other higher ones, or neither.
    case direction
    /// A value of the old run is zero or less, so that there is no ratio.
    case notPositiveInOld
    /// The same of the new run.
    case notPositiveInNew
    /// The old run was too slow for a figure at full speed, and the new one has it.
    case slowInOld
    /// The same of the new run.
    case slowInNew

    /// Why two cells cannot be compared at all; nil if they can.
    init?(old: [MeasuredRow], new: [MeasuredRow]) {
        let statuses = [old, new].map { rows in rows.first { $0.status != .ok }?.status ?? .ok }
        if new.isEmpty {
            self = .onlyInOld
        } else if old.isEmpty {
            self = .onlyInNew
        } else if statuses != [.ok, .ok] {
            self = .status(old: statuses[0], new: statuses[1])
        } else {
            return nil
        }
    }

    /// Why the times and rates of two cells cannot be compared; nil if they can.
    init?(speedOf old: [MeasuredRow], and new: [MeasuredRow]) {
        switch (Self.hasFullSpeed(old), Self.hasFullSpeed(new)) {
        case (false, true): self = .slowInOld
        case (true, false): self = .slowInNew
        default: return nil
        }
    }

    /// Nil where that is unknown.
    private static func hasFullSpeed(_ rows: [MeasuredRow]) -> Bool? {
        let known = rows.compactMap(\.isAtFullSpeed)
        return known.isEmpty ? nil : known.contains(true)
    }

    /// Why the rows of a metric cannot be compared; nil if they can.
    init?(old: MeasuredRow?, new: MeasuredRow?) {
        guard let old else {
            self = .onlyInNew
            return
        }
        guard let new else {
            self = .onlyInOld
            return
        }
        if old.metric.unit != new.metric.unit {
            self = .unit
        } else if old.metric.direction != new.metric.direction {
            self = .direction
        } else if !old.values.allSatisfy({ $0 > 0 }) {
            self = .notPositiveInOld
        } else if !new.values.allSatisfy({ $0 > 0 }) {
            self = .notPositiveInNew
        } else {
            return nil
        }
    }
}
