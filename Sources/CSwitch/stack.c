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
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "runtime.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102  // libc's headers may be older than the kernel
#endif

/// Without the guard, 256 KiB remain for a tasklet's frames, for the loop and the runtime's job below them, and for a
/// signal handler above: a profiler's handler runs on the stack that it interrupts. A gperftools sample takes 9.4 KiB
/// (x86-64 with AVX-512, where the kernel saves 2.7 KiB of registers; a thread that uses AMX adds 8 KiB):
/// SWITCHYARD_SAMPLING_SECONDS=1 swift test --filter 'an eighth of a stack'
const size_t sw_stack_size = 320 * 1024;

/// Much larger than a page, so that a function with a large frame cannot step over it.
const size_t sw_guard_size = 64 * 1024;

/// Free stacks beyond the first few return their pages to the kernel.
enum { slab_stacks = 64, colours = 16, colour_size = 64, warm_stacks = 64 };

/// Stacks are carved out of slabs, so that adjacent stacks can share a mapping if the guard allows it.
static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static sw_stack *pool;
static size_t pooled;
static char *slab_next, *slab_end;

/// Makes the low end of a stack trap, so that an overflow faults instead of corrupting another stack.
static bool install_guard(char *base) {
    if (madvise(base, sw_guard_size, MADV_GUARD_INSTALL) == 0) return true;
    return mprotect(base, sw_guard_size, PROT_NONE) == 0;
}

static bool refill_slab(void) {
    size_t size = sw_stack_size * slab_stacks;
    char *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) return false;
    // With a huge page, every stack would cost its whole reservation.
    (void)madvise(base, size, MADV_NOHUGEPAGE);
    slab_next = base;
    slab_end = base + size;
    return true;
}

static sw_stack *cut_from_slab(void) {
    if (slab_next == slab_end && !refill_slab()) return NULL;
    sw_stack *stack = calloc(1, sizeof *stack);
    if (!stack) return NULL;
    if (!install_guard(slab_next)) {
        int error = errno;
        free(stack);
        errno = error;
        return NULL;
    }
    stack->base = slab_next;
    stack->size = sw_stack_size;
    slab_next += sw_stack_size;
    return stack;
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

sw_stack *sw_stack_new(void (*entry)(void *), void *argument) {
    pthread_mutex_lock(&pool_lock);
    sw_stack *stack = pool;
    if (stack) {
        pool = stack->next;
        pooled--;
    } else {
        stack = cut_from_slab();
    }
    size_t colour = next_colour();
    pthread_mutex_unlock(&pool_lock);
    if (!stack) return NULL;
    stack->next = NULL;
    memset(stack->runtime, 0, sizeof stack->runtime);
    stack->sp = sw_first_frame((char *)stack->base + stack->size - colour, entry, argument);
    return stack;
}

void sw_stack_free(sw_stack *stack) {
    pthread_mutex_lock(&pool_lock);
    bool keep = pooled < warm_stacks;
    pthread_mutex_unlock(&pool_lock);
    // Before another thread can take the stack.
    if (!keep) (void)madvise((char *)stack->base + sw_guard_size, stack->size - sw_guard_size, MADV_DONTNEED);
    pthread_mutex_lock(&pool_lock);
    stack->next = pool;
    pool = stack;
    pooled++;
    pthread_mutex_unlock(&pool_lock);
}

void sw_stack_swap(sw_stack *from, sw_stack *to, void *current) {
    if (sw_runtime.concurrency) {
        void **words = sw_concurrency_words();
        void **access = sw_access_set();
        from->runtime[0] = words[sw_word_task];
        from->runtime[1] = words[sw_word_tracking];
        from->runtime[2] = words[sw_word_locals];
        from->runtime[3] = *access;
        words[sw_word_task] = to->runtime[0];
        words[sw_word_tracking] = to->runtime[1];
        words[sw_word_locals] = to->runtime[2];
        *access = to->runtime[3];
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
    sw_stack *other = sw_stack_new(swap_back_forever, &stacks);
    if (!other) return -1;
    stacks.there = other->sp;
    uint64_t pairs = swaps / 2 + 1;
    double start = seconds();
    for (uint64_t i = 0; i < pairs; i++) sw_swap(&stacks.here, stacks.there);
    double elapsed = seconds() - start;
    sw_stack_free(other);
    return elapsed * 1e9 / (double)(pairs * 2);
}
