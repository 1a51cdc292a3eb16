// SPDX-License-Identifier: Apache-2.0
//
// Checks that tasklets which share a region find their frames as they left them.

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "checks.h"

enum { region_size = 256 * 1024, sharers = 40, turns = 60 };

static sw_region *region;

typedef struct sharer {
    sw_context context;
    unsigned number, turns, faults;
    bool has_started, has_ended;
} sharer;

static sharer all[sharers];

static uint32_t random_number(void) {
    static uint32_t state = 1;
    return state = state * 1664525u + 1013904223u;
}

static void park(sharer *self) {
    expect(sw_region_prepare(region), "there is memory for a slice");
    sw_region_park(region, &self->context);
}

/// Parks below `depth` frames, each with bytes that depend on the sharer and on where they lie.
static void park_below(sharer *self, unsigned depth) {
    volatile uintptr_t words[32];
    for (unsigned i = 0; i < 32; i++) words[i] = (uintptr_t)&words[i] * (self->number + 1) + depth;
    if (depth == 0)
        park(self);
    else
        park_below(self, depth - 1);
    for (unsigned i = 0; i < 32; i++)
        if (words[i] != (uintptr_t)&words[i] * (self->number + 1) + depth) self->faults++;
}

static void share(void *argument) {
    sharer *self = argument;
    for (unsigned i = 0; i < turns; i++) {
        self->turns++;
        park_below(self, random_number() >> 16 & 127);
    }
    self->has_ended = true;
}

/// Gives one of the sharers a turn. Returns false once all have ended.
static bool give_turn(void) {
    unsigned first = random_number() >> 8;
    for (unsigned i = 0; i < sharers; i++) {
        sharer *next = &all[(first + i) % sharers];
        if (next->has_ended) continue;
        if (next->has_started) {
            sw_region_resume(region, next->context.slice, next);
        } else {
            next->has_started = true;
            sw_region_enter(region, share, next);
        }
        return true;
    }
    return false;
}

static void frames_survive(void) {
    for (unsigned i = 0; i < sharers; i++) all[i] = (sharer){.number = i};
    while (give_turn()) {
    }
    for (unsigned i = 0; i < sharers; i++) {
        expect(all[i].turns == turns, "each turn continues where the last one ended");
        expect(all[i].faults == 0, "locals have their values and addresses");
        sw_slice_free(region, all[i].context.slice);
    }
}

// ----------------------------------------------------------------------------------------------------- one and another

static sharer one, other;

static void park_deep_then_shallow(void *argument) {
    park_below(argument, 300);
    park_below(argument, 0);
    park_below(argument, 0);
}

static void end_at_once(void *argument) { ((sharer *)argument)->has_ended = true; }

static void copies_only_for_others(void) {
    one = (sharer){0};
    sw_region_enter(region, park_deep_then_shallow, &one);
    expect(one.context.slice->size == 0, "a tasklet that parks stays where it is");
    sw_region_resume(region, one.context.slice, &one);
    expect(one.context.slice->size == 0, "one that continues as the holder has not been copied");
    sw_slice_free(region, one.context.slice);
    sw_region_enter(region, end_at_once, &other);
    expect(other.has_ended, "a holder that is given up is not copied");
}

static void gives_back_what_a_deep_park_took(void) {
    one = (sharer){0};
    sw_region_enter(region, park_deep_then_shallow, &one);
    sw_region_enter(region, end_at_once, &other);
    expect(one.context.slice->size > 300 * 32 * sizeof(uintptr_t), "a slice holds all frames");
    expect(one.context.slice->capacity < 2 * one.context.slice->size, "and not much more");
    sw_region_resume(region, one.context.slice, &one);
    sw_region_enter(region, end_at_once, &other);
    expect(one.context.slice->capacity < 16 * 1024, "the memory of a deep park is given back at the next");
    sw_slice_free(region, one.context.slice);
}

// --------------------------------------------------------------------------------------------------------- no memory

/// Whether the kernel keeps a limit on this process's memory; an emulator may not.
static bool limits_hold(void) {
    // Volatile, or the compiler leaves the pair out.
    void *volatile block = malloc(1024 * 1024 * 1024);
    free(block);
    return !block;
}

/// Takes all memory that malloc has.
static void *exhaust(void) {
    void **first = NULL, **block;
    for (size_t size = 1024 * 1024; size >= sizeof *block; size /= 2)
        while ((block = malloc(size))) {
            *block = first;
            first = block;
        }
    return first;
}

static void release(void **block) {
    while (block) {
        void **next = *block;
        free(block);
        block = next;
    }
}

static void a_tasklet_that_has_parked_is_copied_without_memory(void) {
    one = (sharer){0};
    sw_region_enter(region, park_deep_then_shallow, &one);
    struct rlimit limit, none;
    getrlimit(RLIMIT_AS, &limit);
    none = (struct rlimit){.rlim_cur = 0, .rlim_max = limit.rlim_max};
    setrlimit(RLIMIT_AS, &none);
    bool is_limited = limits_hold();
    void *taken = is_limited ? exhaust() : NULL;
    sw_region_enter(region, end_at_once, &other);
    bool is_ready = sw_region_prepare(region);
    setrlimit(RLIMIT_AS, &limit);
    release(taken);
    if (!is_limited) return sw_slice_free(region, one.context.slice);
    expect(one.context.slice->bytes != NULL, "the room kept for it holds its frames");
    expect(!is_ready, "and the next one is told that there is no room");
    expect(sw_region_prepare(region), "until there is");
    sw_region_resume(region, one.context.slice, &one);
    expect(one.faults == 0, "its frames are as they were");
    sw_slice_free(region, one.context.slice);
}

void check_regions(void) {
    region = sw_region_new(region_size);
    expect(region != NULL, "there is memory for a region");
    expect(!sw_region_contains(region, &region), "only addresses on it are the region's");
    frames_survive();
    copies_only_for_others();
    gives_back_what_a_deep_park_took();
    a_tasklet_that_has_parked_is_copied_without_memory();
    sw_region_free(region);
}
