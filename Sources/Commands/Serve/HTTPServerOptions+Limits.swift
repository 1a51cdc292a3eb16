// SPDX-License-Identifier: Apache-2.0

import HTTP
import Harness

extension HTTPServerOptions {
    /// Checks the limits.
    ///
    /// - Throws: ``UsageError`` for the first that cannot be used.
    init(_ limits: ServerLimits) throws {
        self.init()
        let places = 1...1_000_000
        connections = try UsageError.whole("--connections", limits.connections, in: places)
        connectionsPerAddress = try UsageError.whole(
            "--connections-per-address",
            limits.connectionsPerAddress,
            in: places
        )
        idleTimeout = try UsageError.seconds("--idle-timeout", limits.idleTimeout)
        headTimeout = try UsageError.seconds("--head-timeout", limits.headTimeout)
        bodyTimeout = try UsageError.seconds("--body-timeout", limits.bodyTimeout)
        progressTimeout = try UsageError.seconds("--progress-timeout", limits.progressTimeout)
        minimumRate = try UsageError.whole("--minimum-rate", limits.minimumRate, in: 0...1 << 40)
        grace = try UsageError.seconds("--grace", limits.grace)
        bodyLimit = try UsageError.whole("--body-limit", limits.bodyLimit, in: 0...1 << 40)
    }
}
