// SPDX-License-Identifier: Apache-2.0

import Workloads

/// An observer of runs that have readings.
protocol ReadingObserver: Observer {
    /// Returns the reading of the last run, and clears it.
    func takeReading() -> RunReading
}
