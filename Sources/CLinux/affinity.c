// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// The kernel's mask is an array of long, which has the same byte order as a byte array only on little-endian machines.
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "big-endian machines need the bytes of the mask swapped"
#endif

int linux_get_affinity(uint8_t *mask, size_t size) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return -errno;
    memcpy(mask, &set, size < sizeof set ? size : sizeof set);
    return 0;
}

int linux_set_affinity(const uint8_t *mask, size_t size) {
    cpu_set_t set;
    CPU_ZERO(&set);
    memcpy(&set, mask, size < sizeof set ? size : sizeof set);
    return sched_setaffinity(0, sizeof set, &set) == 0 ? 0 : -errno;
}

int linux_thread_number(void) { return (int)syscall(SYS_gettid); }

int linux_run_only_when_idle(int thread) {
    struct sched_param none = {0};
    return sched_setscheduler(thread, SCHED_IDLE, &none) == 0 ? 0 : -errno;
}
