// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CClock.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <time.h>

typedef int (*clock_function)(clockid_t, struct timespec *);

static _Atomic(clock_function) libc;
static atomic_int_fast64_t slept;
static atomic_uint_fast64_t readings;

void clock_jump(int64_t seconds) { atomic_fetch_add(&slept, seconds); }

uint64_t clock_readings(void) { return atomic_load(&readings); }

/// Exported by the linker, because the runtime's libraries refer to it; so their calls come here, too.
int clock_gettime(clockid_t clock, struct timespec *time) {
    clock_function next = atomic_load_explicit(&libc, memory_order_relaxed);
    if (!next) {
        next = (clock_function)dlsym(RTLD_NEXT, "clock_gettime");
        atomic_store_explicit(&libc, next, memory_order_relaxed);
    }
    atomic_fetch_add_explicit(&readings, 1, memory_order_relaxed);
    int result = next(clock, time);
    if (clock == CLOCK_BOOTTIME) time->tv_sec += atomic_load_explicit(&slept, memory_order_relaxed);
    return result;
}
