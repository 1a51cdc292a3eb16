// SPDX-License-Identifier: Apache-2.0
//
// Checks the return to a stack whose upper frames are given up.

#include "checks.h"

static sw_stack home;
static sw_stack *other;
static sw_refuge refuge;
static int calls;

static void leave(void *argument) {
    (void)argument;
    sw_refuge_return(&refuge);
}

/// Waits on the thread's own stack, for ever.
static void be_given_up(void *argument) {
    volatile char deep[4096] = {0};
    (void)argument;
    other = sw_stack_new(sw_stack_size, leave, NULL);
    if (other) sw_stack_swap(&home, other, NULL);
    expect(deep[0] && false, "frames that were given up are not resumed");
}

static void end(void *argument) { calls += *(int *)argument; }

void check_refuge(void) {
    int one = 1;
    for (int i = 0; i < 1000; i++) {
        sw_refuge_run(&refuge, be_given_up, NULL);
        if (!other) return expect(false, "a stack can be allocated");
        sw_stack_free(other);
        sw_refuge_run(&refuge, end, &one);
    }
    expect(calls == 1000, "a refuge is used again after its frames were given up");
}
