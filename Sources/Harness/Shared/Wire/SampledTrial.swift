// SPDX-License-Identifier: Apache-2.0

package import Measurement
package import Profiling

/// A request to run a trial with the sampling profiler.
package struct SampledTrialRequest: Codable, Sendable {
    /// The trial.
    package var trial: Trial
    /// The file to which gperftools writes its profile.
    package var path: String
    /// Samples per second of processor time.
    package var frequency: Int

    /// Creates a request.
    package init(trial: Trial, path: String, frequency: Int) {
        self.trial = trial
        self.path = path
        self.frequency = frequency
    }
}

/// The result of a sampled trial.
package struct SampledTrialResponse: Codable, Sendable {
    /// The trial's record.
    package var record: TrialRecord
    /// The samples by tasklet; nil if the trial did not succeed.
    package var profile: ProcessSamples?

    /// Creates a response.
    package init(_ record: TrialRecord, profile: ProcessSamples? = nil) {
        self.record = record
        self.profile = profile
    }
}
