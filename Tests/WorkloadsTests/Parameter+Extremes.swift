// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Workloads

extension Parameter {
    /// The least number that is allowed; of words, the default.
    var smallest: ParameterValue {
        if case .numbers(let range) = domain { .number(range.lowerBound) } else { defaultValue }
    }

    /// The greatest number that is allowed; of words, the default.
    var largest: ParameterValue {
        if case .numbers(let range) = domain { .number(range.upperBound) } else { defaultValue }
    }
}
