// SPDX-License-Identifier: Apache-2.0

extension Cell {
    /// The backend of the cells of a peer, a program that does the work of the workloads in another runtime.
    package static func backend(ofPeer name: String) -> String { peerPrefix + name }

    /// The name of the peer that runs it; nil for a scheduler of ours.
    package var peer: String? {
        backend.hasPrefix(Self.peerPrefix) ? String(backend.dropFirst(Self.peerPrefix.count)) : nil
    }

    /// How many processors it may run on.
    package var processors: Int { CPUSet(list: cpus)?.numbers.count ?? workers ?? 1 }

    private static let peerPrefix = "peer:"
}
