// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports
import SystemPackage

/// The builds whose processes take turns.
struct Builds: Sendable {
    private let own: ChildProcess
    private let other: ChildProcess?

    init(own: FilePath, other: OtherBuild?) {
        self.own = ChildProcess(executable: own)
        self.other = other.map { ChildProcess(executable: FilePath($0.path)) }
    }

    /// Starts the processes of a cell.
    func launcher(of cell: Cell) -> ChildProcess { cell.build == nil ? own : other ?? own }
}
