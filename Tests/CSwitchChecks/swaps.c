// SPDX-License-Identifier: Apache-2.0
//
// Checks what a swap must preserve, and how a new stack must start.

#include <stdlib.h>
#include <string.h>

#include "checks.h"

enum { stack_size = 128 * 1024 };

// ------------------------------------------------------------------------------------------------------ a new stack

typedef struct visit {
    void *home, *there;
    void *argument;
    uintptr_t frame;
} visit;

static visit the_visit;

static void call_back(void *argument) {
    the_visit.argument = argument;
    the_visit.frame = (uintptr_t)__builtin_frame_address(0);
    // Compilers use aligned vector moves for this, which trap on a misaligned stack.
    volatile _Alignas(16) char bytes[64];
    for (unsigned i = 0; i < sizeof bytes; i++) bytes[i] = (char)i;
    sw_swap(&the_visit.there, the_visit.home);
    abort();
}

static void a_new_stack_calls_its_function_wherever_it_begins(void) {
    char *base = aligned_alloc(4096, stack_size);
    for (int below = 0; below < 1100; below += below < 80 ? 1 : 64) {
        char *top = base + stack_size - below;
        the_visit = (visit){0};
        sw_swap(&the_visit.home, sw_first_frame(top, call_back, &base));
        expect(the_visit.argument == &base, "the argument reaches the function");
        expect(the_visit.frame % 16 == 0, "the stack is aligned to 16 bytes");
        expect(the_visit.frame < (uintptr_t)top, "the frame lies below the top");
        expect(the_visit.frame > (uintptr_t)top - 8192, "the frame lies close to the top");
        expect((char *)the_visit.there < top && (char *)the_visit.there > base, "the saved state lies on the stack");
    }
    free(base);
}

// ---------------------------------------------------------------------------------------------------------- registers

typedef struct pair {
    void *here, *there;
    uint64_t changed;
    uint64_t swaps;
} pair;

static void swap_back(void *argument) {
    pair *stacks = argument;
    for (uint64_t pattern = 1ull << 63;; pattern += 0x9e3779b97f4a7c15ull) {
        stacks->swaps++;
        stacks->changed |= check_swap(&stacks->there, stacks->here, pattern);
    }
}

static void registers_survive(uint64_t swaps) {
    char *base = malloc(stack_size);
    pair stacks = {0};
    stacks.there = sw_first_frame(base + stack_size, swap_back, &stacks);
    uint64_t changed = 0;
    for (uint64_t i = 0; i < swaps / 2; i++) changed |= check_swap(&stacks.here, stacks.there, i << 20);
    expect(changed == 0, "the registers of the first stack survive");
    expect(stacks.changed == 0, "the registers of the second stack survive");
    expect(stacks.swaps == swaps / 2, "each swap reaches its target");
    free(base);
}

// ------------------------------------------------------------------------------------------------------- many stacks

enum { players = 300, rounds = 40, depth = 20 };

typedef struct player {
    void *sp;
    uint64_t turns;
    bool is_intact;
} player;

static player team[players + 1];  // the last one is the program's own stack

static uint64_t next_random(void) {
    static uint64_t state = 88172645463325252ull;
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/// Fills a frame, hands over from the innermost one, and checks on the way out that the frame is unchanged.
static void nest(player *self, int left, uint64_t round) {
    volatile uint64_t frame[32];
    uint64_t mark = (uint64_t)(self - team) << 32 | (uint64_t)left << 16 | round;
    for (int i = 0; i < 32; i++) frame[i] = mark + (uint64_t)i;
    if (left > 0) {
        nest(self, left - 1, round);
    } else {
        self->turns++;
        // The next is any player with turns left: this frame must not change, whichever player runs.
        player *next = &team[next_random() % players];
        for (int i = 0; i < players && next->turns >= rounds; i++) next = next == team ? team + players - 1 : next - 1;
        if (next->turns >= rounds) next = &team[players];
        if (next != self) sw_swap(&self->sp, next->sp);
    }
    for (int i = 0; i < 32; i++)
        if (frame[i] != mark + (uint64_t)i) self->is_intact = false;
}

static void play(void *argument) {
    player *self = argument;
    for (uint64_t round = 0;; round++) nest(self, depth, round);
}

static void many_stacks_stay_intact_in_any_order(void) {
    char *stacks = malloc((size_t)players * stack_size);
    for (int i = 0; i < players; i++) {
        void *top = stacks + (size_t)(i + 1) * stack_size - (size_t)(i % 16) * 64;
        team[i] = (player){.is_intact = true};
        team[i].sp = sw_first_frame(top, play, &team[i]);
    }
    sw_swap(&team[players].sp, team[0].sp);
    int intact = 0, done = 0;
    for (int i = 0; i < players; i++) {
        intact += team[i].is_intact;
        done += team[i].turns == rounds;
    }
    expect(intact == players, "every frame of every stack is unchanged");
    expect(done == players, "every stack gets all its turns");
    free(stacks);
}

void check_swaps(uint64_t swaps) {
    a_new_stack_calls_its_function_wherever_it_begins();
    registers_survive(swaps);
    many_stacks_stay_intact_in_any_order();
}
