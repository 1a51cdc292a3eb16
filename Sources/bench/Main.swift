// SPDX-License-Identifier: Apache-2.0

import Commands

/// The entry point.
///
/// A target without the commands, because the tests of those cannot be linked as it is.
@main
enum Main {
    static func main() { Bench.main() }
}
