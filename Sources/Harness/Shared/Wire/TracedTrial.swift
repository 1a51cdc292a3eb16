// SPDX-License-Identifier: Apache-2.0

package import Measurement
package import Profiling

/// A request to run a trial with a trace.
package struct TracedTrialRequest: Codable, Sendable {
    /// The trial.
    package var trial: Trial
    /// The file to which the trace is written.
    package var path: String
    /// The title of the trace.
    package var title: String

    /// Creates a request.
    package init(trial: Trial, path: String, title: String) {
        self.trial = trial
        self.path = path
        self.title = title
    }
}

/// The result of a traced trial.
package struct TracedTrialResponse: Codable, Sendable {
    /// The trial's record.
    package var record: TrialRecord
    /// What the tasklets waited for; nil if the trial did not succeed.
    package var profile: WaitProfile?

    /// Creates a response.
    package init(_ record: TrialRecord, profile: WaitProfile? = nil) {
        self.record = record
        self.profile = profile
    }
}
