// SPDX-License-Identifier: Apache-2.0

/// What a trial tells its load generator when it has connected.
enum LoadOrder {
    /// The line that starts the clients.
    static let start = "start"
}

/// What a load generator replies, a line each; see ``LoadServer``.
enum LoadReply: Codable {
    /// The clients are connected.
    case connected
    /// The last reply has come; the processor time since the start, in nanoseconds.
    case finished(processorTime: UInt64)
    /// The result, but for the latencies: so many, and so many uncorrected ones, follow the line as 8 bytes each.
    case result(right: Int, latencies: Int, uncorrected: Int)
    /// The load has failed, for this reason; for lack of descriptors or memory, or otherwise.
    case failed(String, isShortage: Bool)
}
