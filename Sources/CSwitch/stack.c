// SPDX-License-Identifier: Apache-2.0
//
// Allocates stacks, and swaps them together with the runtime's per-thread words.
//
// A stack is a range of reserved memory, touched only as it is used, with a guard at its low end. If the kernel
// supports MADV_GUARD_INSTALL (6.13 and later), the guard is a marker in the page table. Otherwise it is an mprotect'ed
// page, which splits the mapping in two and so halves the number of stacks that vm.max_map_count allows.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "stack.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "runtime.h"

#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#else
#define __asan_unpoison_memory_region(memory, size) ((void)(memory), (void)(size))
#endif

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102  // libc's headers may be older than the kernel
#endif

/// Room for a tasklet's frames, for the loop and the runtime's job below them, and for a signal handler above: a
/// profiler's handler runs on the stack that it interrupts. A gperftools sample takes 9.4 KiB (x86-64 with AVX-512,
/// where the kernel saves 2.7 KiB of registers; a thread that uses AMX adds 8 KiB):
/// SWITCHYARD_SAMPLING_SECONDS=1 swift test --filter 'an eighth of a stack'
const size_t sw_stack_size = 256 * 1024;

/// Much larger than a page, so that a function with a large frame cannot step over it.
const size_t sw_guard_size = 64 * 1024;

/// Stacks are carved out of slabs, so that adjacent stacks can share a mapping if the guard allows it. Of the free
/// stacks of one size, as many as a slab holds keep their pages; the others return them to the kernel.
enum { slab_size = 20 * 1024 * 1024, colours = 16, colour_size = 64 };

/// Never unmapped and never changed, so that a signal handler can walk the list.
typedef struct slab {
    const struct slab *next;
    char *base;
    /// Of each of its stacks, including the guard.
    size_t stride;
    size_t size;
} slab;

static _Atomic(const slab *) slabs;

/// The stacks of one size. There are as many pools as the program asks for sizes.
typedef struct pool {
    struct pool *next;
    /// Of each stack, including the guard.
    size_t stride;
    sw_stack *free;
    size_t count;
    char *slab_next, *slab_end;
} pool;

static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static pool *pools;

static size_t stacks_in_slab(size_t stride) { return stride < slab_size ? slab_size / stride : 1; }

/// Makes the low end of a stack trap, so that an overflow faults instead of corrupting another stack.
static bool install_guard(char *base) {
    if (madvise(base, sw_guard_size, MADV_GUARD_INSTALL) == 0) return true;
    return mprotect(base, sw_guard_size, PROT_NONE) == 0;
}

static bool refill_slab(pool *pool) {
    slab *slab = malloc(sizeof *slab);
    if (!slab) return false;
    size_t size = pool->stride * stacks_in_slab(pool->stride);
    char *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) {
        free(slab);
        errno = ENOMEM;
        return false;
    }
    // With a huge page, every stack would cost its whole reservation.
    (void)madvise(base, size, MADV_NOHUGEPAGE);
    slab->next = atomic_load_explicit(&slabs, memory_order_relaxed);
    slab->base = base;
    slab->stride = pool->stride;
    slab->size = size;
    atomic_store_explicit(&slabs, slab, memory_order_release);
    pool->slab_next = base;
    pool->slab_end = base + size;
    return true;
}

size_t sw_guarded_stack(const void *address) {
    for (const slab *slab = atomic_load_explicit(&slabs, memory_order_acquire); slab; slab = slab->next) {
        uintptr_t offset = (uintptr_t)address - (uintptr_t)slab->base;
        if (offset < slab->size) return offset % slab->stride < sw_guard_size ? slab->stride - sw_guard_size : 0;
    }
    return 0;
}

static sw_stack *cut_from_slab(pool *pool) {
    if (pool->slab_next == pool->slab_end && !refill_slab(pool)) return NULL;
    sw_stack *stack = calloc(1, sizeof *stack);
    if (!stack) return NULL;
    if (!install_guard(pool->slab_next)) {
        int error = errno;
        free(stack);
        errno = error;
        return NULL;
    }
    stack->base = pool->slab_next;
    stack->size = pool->stride;
    pool->slab_next += pool->stride;
    return stack;
}

/// The pool of stacks of that size; null, with errno set, if there is no memory for one.
static pool *pool_of(size_t stride) {
    for (pool *pool = pools; pool; pool = pool->next)
        if (pool->stride == stride) return pool;
    pool *new = calloc(1, sizeof *new);
    if (!new) return NULL;
    new->stride = stride;
    new->next = pools;
    return pools = new;
}

/// Stacks at equal distances from a page boundary compete for the same cache sets; a pseudorandom offset spreads them.
/// The quality of the sequence does not matter.
static size_t next_colour(void) {
    static uint32_t state = 2463534242u;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return (state % colours) * colour_size;
}

static sw_stack *take_from_pool(size_t stride) {
    pool *pool = pool_of(stride);
    if (!pool) return NULL;
    sw_stack *stack = pool->free;
    if (!stack) return cut_from_slab(pool);
    pool->free = stack->next;
    pool->count--;
    return stack;
}

sw_stack *sw_stack_new(size_t size, void (*entry)(void *), void *argument) {
    // A multiple of every page size that the kernel may have, as the guard is.
    size_t stride = sw_guard_size + (size + sw_guard_size - 1) / sw_guard_size * sw_guard_size;
    pthread_mutex_lock(&pool_lock);
    sw_stack *stack = take_from_pool(stride);
    size_t colour = next_colour();
    pthread_mutex_unlock(&pool_lock);
    if (!stack) return NULL;
    stack->next = NULL;
    memset(stack->runtime, 0, sizeof stack->runtime);
    // The address sanitizer must forget the frames that were left on the stack when it was freed.
    __asan_unpoison_memory_region(stack->base, stack->size);
    stack->sp = sw_first_frame((char *)stack->base + stack->size - colour, entry, argument);
    return stack;
}

void sw_stack_free(sw_stack *stack) {
    pthread_mutex_lock(&pool_lock);
    // It has been made by then, and cannot fail.
    pool *pool = pool_of(stack->size);
    bool keep = pool->count < stacks_in_slab(stack->size);
    pthread_mutex_unlock(&pool_lock);
    // Before another thread can take the stack.
    if (!keep) (void)madvise((char *)stack->base + sw_guard_size, stack->size - sw_guard_size, MADV_DONTNEED);
    pthread_mutex_lock(&pool_lock);
    stack->next = pool->free;
    pool->free = stack;
    pool->count++;
    pthread_mutex_unlock(&pool_lock);
}

void sw_stack_swap(sw_stack *from, sw_stack *to, void *current) {
    if (sw_runtime.concurrency) {
        sw_save_words(from->runtime);
        sw_load_words(to->runtime);
    }
    sw_set_current(current);
    sw_swap(&from->sp, to->sp);
}

// ------------------------------------------------------------------------------------------------------- calibration

typedef struct pair {
    void *here, *there;
} pair;

static void swap_back_forever(void *argument) {
    pair *stacks = argument;
    for (;;) sw_swap(&stacks->there, stacks->here);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double sw_measure_bare_swap(uint64_t swaps) {
    pair stacks = {0};
    sw_stack *other = sw_stack_new(sw_stack_size, swap_back_forever, &stacks);
    if (!other) return -1;
    stacks.there = other->sp;
    uint64_t pairs = swaps / 2 + 1;
    double start = seconds();
    for (uint64_t i = 0; i < pairs; i++) sw_swap(&stacks.here, stacks.there);
    double elapsed = seconds() - start;
    sw_stack_free(other);
    return elapsed * 1e9 / (double)(pairs * 2);
}
