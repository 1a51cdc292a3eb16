// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// What differs between the machines and the builds of two runs.
package enum EnvironmentDifferences {
    /// A sentence per fact that differs; not for the commit, which is what a comparison is about.
    package static func sentences(old: EnvironmentRecord, new: EnvironmentRecord) -> [String] {
        facts.filter { old[keyPath: $0.value] != new[keyPath: $0.value] }.map { name, value in
            "the \(name) differ, '\(old[keyPath: value])' in OLD and '\(new[keyPath: value])' in NEW: so the "
                + "comparison is also one of those"
        }
    }

    private static var facts: KeyValuePairs<String, KeyPath<EnvironmentRecord, String>> {
        [
            "hosts": \.host, "processors": \.cpuModel, "kernels": \.kernel, "versions of Swift": \.swift,
            "builds": \.build,
        ]
    }
}
