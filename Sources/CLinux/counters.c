// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CLinux.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

int linux_counter_open(linux_counter kind, bool with_kernel) {
    static const uint64_t events[] = {
        [linux_instructions] = PERF_COUNT_HW_INSTRUCTIONS,
        [linux_cycles] = PERF_COUNT_HW_CPU_CYCLES,
        [linux_cache_misses] = PERF_COUNT_HW_CACHE_MISSES,
        [linux_branch_misses] = PERF_COUNT_HW_BRANCH_MISSES,
    };
    struct perf_event_attr attributes = {
        .type = PERF_TYPE_HARDWARE,
        .size = sizeof attributes,
        .config = events[kind],
        .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
        .inherit = 1,
        .exclude_kernel = !with_kernel,
        .exclude_hv = 1,
    };
    long descriptor = syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
    return descriptor < 0 ? -errno : (int)descriptor;
}

bool linux_counter_read(int descriptor, linux_counter_reading *reading) {
    return read(descriptor, reading, sizeof *reading) == (ssize_t)sizeof *reading;
}
