// SPDX-License-Identifier: Apache-2.0

import Glibc

/// All descriptors that the process may still open; for a process of its own, since the limit applies to all tests.
struct Hoard {
    private var descriptors: [CInt] = []

    init() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(256, limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        while true {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            if descriptor < 0 { return }
            descriptors.append(descriptor)
        }
    }

    func giveBack() { for descriptor in descriptors { close(descriptor) } }
}
