// SPDX-License-Identifier: Apache-2.0

import Commands

/// The entry point.
///
/// Apart from the commands: tests link those, and cannot be linked with the runtime in the program.
@main
enum Main {
    static func main() { Bench.main() }
}
