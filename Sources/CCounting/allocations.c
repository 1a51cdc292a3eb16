// SPDX-License-Identifier: Apache-2.0

// Replacements of libc's allocating functions. Each may be called at any time and on any thread, by libc as well: it
// adds to two counters, and calls the original. What that calls in turn is not counted a second time.

#include "counts.h"

#include <CCounting.h>
#include <stdatomic.h>
#include <stdlib.h>

static _Atomic uint64_t allocations;
static _Atomic uint64_t bytes;

static void count(size_t size) {
    if (!is_counting()) return;
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&bytes, size, memory_order_relaxed);
}

static void *(*libc_malloc)(size_t size);
static void *(*libc_calloc)(size_t number, size_t size);
static void *(*libc_realloc)(void *old, size_t size);
static int (*libc_posix_memalign)(void **result, size_t alignment, size_t size);
static void *(*libc_aligned_alloc)(size_t alignment, size_t size);
static void *(*libc_memalign)(size_t alignment, size_t size);

static void *counted_malloc(size_t size) {
    count(size);
    return libc_malloc(size);
}

static void *counted_calloc(size_t number, size_t size) {
    size_t all;
    // libc refuses a product that has no size.
    count(__builtin_mul_overflow(number, size, &all) ? 0 : all);
    return libc_calloc(number, size);
}

static void *counted_realloc(void *old, size_t size) {
    // Without a size it frees.
    if (!old || size) count(size);
    return libc_realloc(old, size);
}

static int counted_posix_memalign(void **result, size_t alignment, size_t size) {
    count(size);
    return libc_posix_memalign(result, alignment, size);
}

static void *counted_aligned_alloc(size_t alignment, size_t size) {
    count(size);
    return libc_aligned_alloc(alignment, size);
}

static void *counted_memalign(size_t alignment, size_t size) {
    count(size);
    return libc_memalign(alignment, size);
}

#define REPLACE(name) {#name, (void *)counted_##name, (void **)&libc_##name}
const struct replacement replaced_allocations[] = {
    REPLACE(malloc),         REPLACE(calloc),        REPLACE(realloc),
    REPLACE(posix_memalign), REPLACE(aligned_alloc), REPLACE(memalign),
    {NULL, NULL, NULL},
};

void *uncounted_malloc(size_t size) { return libc_malloc(size); }

void uncounted_free(void *block) { free(block); }

void reset_allocations(void) {
    atomic_store(&allocations, 0);
    atomic_store(&bytes, 0);
}

uint64_t counting_allocations(void) { return atomic_load(&allocations); }

uint64_t counting_allocated_bytes(void) { return atomic_load(&bytes); }
