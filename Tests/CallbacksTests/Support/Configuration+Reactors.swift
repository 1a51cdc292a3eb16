// SPDX-License-Identifier: Apache-2.0

import Backends
import TestSupport

extension Configuration {
    /// Configurations whose schedulers have reactors.
    static let withReactors = all.filter { $0.backend != .threadPerTask }
    /// Those of them that run one tasklet at a time.
    static let orderedWithReactors = ordered.filter { $0.backend != .threadPerTask }
}
