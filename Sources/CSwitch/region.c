// SPDX-License-Identifier: Apache-2.0
//
// Slices: hard switching as Stackless Python and greenlet mean it.
//
// All tasklets of a loop run on one stack, the region; the loop runs on its own. A tasklet that parks leaves its frames
// where they are, and is the region's holder. Once another tasklet needs the region, the live bytes of the holder, from
// its stack pointer to the region's base, are copied to the heap; they are copied back, to the same addresses, before
// the tasklet continues. One that continues as the holder copies nothing.
//
// The loop copies, on its own stack: no frame is ever on the bytes that change, nor is that of a signal handler, which
// runs on the stack that it interrupts. So switching takes two swaps and nothing new of any architecture.
//
// Between its parking and its return, a pointer into a tasklet's frames points at another's. Nothing that another
// tasklet, the loop or the kernel looks at may lie on the region.
//
// Rejected: slices of the loop's own stack. They need assembly that copies the bytes around its own frame.

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "runtime.h"
#include "stack.h"

#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#endif

struct sw_region {
    sw_stack *stack;
    /// Where the frames of every tasklet begin, which is where a slice ends.
    char *base;
    /// Where the loop continues, and the runtime's words of its job.
    void *_Nullable loop;
    void *_Nullable runtime[4];
    /// The parked tasklet whose frames are on the region.
    sw_slice *_Nullable holder;
    /// What ``run_body`` calls.
    void (*_Nullable body)(void *_Nullable);
    void *_Nullable argument;
    /// A slice, and room for any, untouched: for the tasklet that parks when there is no memory.
    sw_slice *_Nullable spare;
    char *_Nullable spare_bytes;
    size_t size;
};

// ------------------------------------------------------------------------------------------------------------ copying

enum {
    /// From 2,112 bytes on, glibc's memcpy uses `rep movsb`, which takes twice the time of its vector loop while all is in
    /// the first-level cache.
    piece = 2048,
    most_in_pieces = 16 * 1024,
    /// What may stay allocated, beyond twice the size, when a tasklet parks less deep than it has before.
    slack = 4096,
};

#if __has_feature(address_sanitizer)

/// The sanitizer's notes on the bytes travel with them, behind them. Neither may be copied by memcpy, which it checks.
__attribute__((no_sanitize("address"))) static void copy_unchecked(char *to, const char *from, size_t size) {
    volatile uint64_t *words = (volatile uint64_t *)to;
    const volatile uint64_t *source = (const volatile uint64_t *)from;
    for (size_t i = 0; i < size / 8; i++) words[i] = source[i];
    for (size_t i = size / 8 * 8; i < size; i++) ((volatile char *)to)[i] = ((const volatile char *)from)[i];
}

static char *notes_on(const void *address) {
    size_t scale, offset;
    __asan_get_shadow_mapping(&scale, &offset);
    return (char *)(((uintptr_t)address >> scale) + offset);
}

static size_t room_for(size_t size) { return size + size / 8 + 8; }

static void copy_out(char *to, const char *from, size_t size) {
    copy_unchecked(to, from, size);
    copy_unchecked(to + size, notes_on(from), size / 8);
    __asan_unpoison_memory_region(from, size);
}

static void copy_back(char *to, const char *from, size_t size) {
    copy_unchecked(to, from, size);
    copy_unchecked(notes_on(to), from + size, size / 8);
}

#else

static size_t room_for(size_t size) { return size; }

static void copy_out(char *to, const char *from, size_t size) {
    if (size <= most_in_pieces)
        for (; size > piece; size -= piece, to += piece, from += piece) memcpy(to, from, piece);
    memcpy(to, from, size);
}

static void copy_back(char *to, const char *from, size_t size) { copy_out(to, from, size); }

#endif

// ------------------------------------------------------------------------------------------------------------- slices

/// Makes room for `size` bytes, and for not many more.
static bool fit(sw_slice *slice, size_t size) {
    if (size <= slice->capacity && slice->capacity <= 2 * size + slack) return true;
    char *bytes = malloc(size);
    if (!bytes) return size <= slice->capacity;
    free(slice->bytes);
    slice->bytes = bytes;
    slice->capacity = malloc_usable_size(bytes);
    return true;
}

/// Copies the holder's frames to the heap, so that others can use the region.
static void evict(sw_region *region) {
    sw_slice *slice = region->holder;
    if (!slice) return;
    region->holder = NULL;
    slice->size = (size_t)(region->base - (char *)slice->sp);
    if (!fit(slice, room_for(slice->size))) {
        // It was there when the tasklet parked, and no other has parked since.
        free(slice->bytes);
        slice->bytes = region->spare_bytes;
        slice->capacity = room_for(region->size);
        region->spare_bytes = NULL;
    }
    copy_out(slice->bytes, slice->sp, slice->size);
}

static void bring_in(sw_region *region, sw_slice *slice) {
    if (region->holder == slice) {
        region->holder = NULL;
    } else {
        evict(region);
        copy_back(slice->sp, slice->bytes, slice->size);
    }
}

bool sw_region_is_prepared(const sw_region *region) { return region->spare && region->spare_bytes; }

bool sw_region_prepare(sw_region *region) {
    if (!region->spare) region->spare = calloc(1, sizeof *region->spare);
    if (!region->spare_bytes) region->spare_bytes = malloc(room_for(region->size));
    return sw_region_is_prepared(region);
}

/// A new slice; the spare one if there is no memory.
static sw_slice *make_slice(sw_region *region) {
    sw_slice *slice = calloc(1, sizeof *slice);
    if (slice) return slice;
    slice = region->spare;
    region->spare = NULL;
    return slice;
}

void sw_slice_free(sw_region *region, sw_slice *slice) {
    if (region && region->holder == slice) region->holder = NULL;
    free(slice->bytes);
    free(slice);
}

// ---------------------------------------------------------------------------------------------------------- the region

/// Replaced by each ``sw_region_enter``.
static void never(void *region) {
    (void)region;
    abort();
}

sw_region *sw_region_new(size_t size) {
    sw_region *region = calloc(1, sizeof *region);
    if (!region) return NULL;
    region->stack = sw_stack_new(size, never, NULL);
    if (!region->stack) {
        free(region);
        return NULL;
    }
    region->size = region->stack->size;
    region->base = (char *)region->stack->base + region->size;
    return region;
}

void sw_region_free(sw_region *region) {
    sw_stack_free(region->stack);
    free(region->spare);
    free(region->spare_bytes);
    free(region);
}

bool sw_region_contains(const sw_region *region, const void *address) {
    return (uintptr_t)region->base - (uintptr_t)address - 1 < region->size;
}

// ----------------------------------------------------------------------------------------------------------- switching

static void save_words(void *words[4]) {
    if (sw_runtime.concurrency) sw_save_words(words);
}

static void load_words(void *words[4]) {
    if (sw_runtime.concurrency) sw_load_words(words);
}

/// The outermost function on the region. It continues after the call in every tasklet that has parked in one.
static void run_body(void *argument) {
    sw_region *region = argument;
    region->body(region->argument);
    void *dead;
    load_words(region->runtime);
    sw_swap(&dead, region->loop);
}

void sw_region_enter(sw_region *region, void (*body)(void *), void *argument) {
    evict(region);
    region->body = body;
    region->argument = argument;
    save_words(region->runtime);
    sw_swap(&region->loop, sw_first_frame(region->base, run_body, region));
}

void sw_region_park(sw_region *region, sw_context *context) {
    sw_slice *slice = context->slice;
    if (!slice) slice = context->slice = make_slice(region);
    save_words(slice->runtime);
    load_words(region->runtime);
    sw_set_current(NULL);
    region->holder = slice;
    sw_swap(&slice->sp, region->loop);
}

void sw_region_resume(sw_region *region, sw_slice *slice, void *current) {
    bring_in(region, slice);
    save_words(region->runtime);
    load_words(slice->runtime);
    sw_set_current(current);
    sw_swap(&region->loop, slice->sp);
}
