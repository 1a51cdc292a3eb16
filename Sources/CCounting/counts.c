// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "counts.h"

#include <CCounting.h>
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>

static atomic_bool counts_now;
static _Thread_local bool is_excluded;

bool is_counting(void) { return atomic_load_explicit(&counts_now, memory_order_relaxed) && !is_excluded; }

void counting_resume(void) { atomic_store(&counts_now, true); }

void counting_pause(void) { atomic_store(&counts_now, false); }

void counting_exclude_thread(void) { is_excluded = true; }

void counting_reset(void) {
    reset_allocations();
    reset_system_calls();
}

void find_originals(const struct replacement *replacements) {
    // Where the program has a function of its own in libc's place, that is what everything calls.
    for (; replacements->name; replacements++) *replacements->original = dlsym(RTLD_DEFAULT, replacements->name);
}
