// SPDX-License-Identifier: Apache-2.0

import Backends
import TestSupport

extension Configuration {
    /// Configurations whose schedulers have reactors.
    static let withReactors = all.filter(\.hasReactors)
    /// Those of them that run one tasklet at a time.
    static let orderedWithReactors = ordered.filter(\.hasReactors)

    /// Whether its scheduler has reactors: not where each wait is one of a thread, or may be none.
    var hasReactors: Bool { ![.threadPerTask, .swiftConcurrency].contains(backend) }
}
