// SPDX-License-Identifier: Apache-2.0
//
// Checks soft parking between functions like the ones that Swift's compiler generates for async code, with a stand-in
// for the runtime's words.

#include "checks.h"
#include "runtime.h"

#define ASYNC __attribute__((swiftasynccall))
#define CONTEXT __attribute__((swift_async_context))

typedef struct async_frame {
    struct async_frame *parent;
    ASYNC void (*resume)(CONTEXT struct async_frame *);
} async_frame;

ASYNC void sw_soft_park(
    void *actor, void *witness, sw_context *from, sw_context *to, void *current, CONTEXT async_frame *frame);

/// Two tasklets that park once each: the first hands over to the second, which hands over to nobody.
enum { first, second, tasklets };

static __thread void *words[4], *access_set;
static char tasks[tasklets + 1], accesses[tasklets + 1];
static sw_context contexts[tasklets];
static async_frame callers[tasklets], callees[tasklets];
static int turns[tasklets], mistakes;

/// Checks that a tasklet runs with the context it was left with, and with its own words.
static void note_turn(int number, const async_frame *frame, const async_frame *expected) {
    turns[number]++;
    mistakes += frame != expected || words[sw_word_task] != &tasks[number] || access_set != &accesses[number];
    mistakes += sw_current() != &tasks[number];
}

static ASYNC void run_first(CONTEXT async_frame *frame) {
    note_turn(first, frame, &callers[first]);
    return sw_soft_park(0, 0, &contexts[first], &contexts[second], &tasks[second], &callees[first]);
}

static ASYNC void run_second(CONTEXT async_frame *frame) {
    note_turn(second, frame, &callers[second]);
    return sw_soft_park(0, 0, &contexts[second], 0, 0, &callees[second]);
}

/// Returns to the caller of sw_resume, as a job does when it ends.
static ASYNC void end_first(CONTEXT async_frame *frame) { note_turn(first, frame, &callees[first]); }

static bool is_parked(int number) {
    const sw_context *context = &contexts[number];
    return context->frame == &callees[number] && context->task == &tasks[number] &&
           context->access == &accesses[number];
}

static bool is_outside(void) { return words[sw_word_task] == &tasks[tasklets] && access_set == &accesses[tasklets]; }

static void prepare(int number, ASYNC void (*body)(CONTEXT async_frame *)) {
    callers[number].resume = body;
    contexts[number] = (sw_context){.frame = &callers[number], .task = &tasks[number], .access = &accesses[number]};
}

void check_parking(void) {
    sw_runtime.concurrency = (char *)words - (char *)__builtin_thread_pointer();
    sw_runtime.core = (char *)&access_set - (char *)__builtin_thread_pointer();
    words[sw_word_task] = &tasks[tasklets];
    access_set = &accesses[tasklets];
    prepare(first, run_first);
    prepare(second, run_second);
    callees[first].resume = end_first;
    sw_set_current(&tasks[first]);
    sw_resume(&contexts[first]);
    expect(turns[first] == 1 && turns[second] == 1, "a tasklet that parks softly hands over to the next");
    expect(is_parked(first) && is_parked(second), "the state of a softly parked tasklet is saved");
    expect(is_outside(), "the loop gets its words back when a tasklet parks without handing over");
    expect(!sw_current(), "no tasklet is current then");
    sw_set_current(&tasks[first]);
    sw_resume(&contexts[first]);
    expect(turns[first] == 2 && turns[second] == 1, "a softly parked tasklet resumes where it parked");
    expect(mistakes == 0, "each runs with its own context and words, and is current");
    expect(is_outside(), "the loop gets its words back when a job ends");
    sw_runtime = (struct sw_runtime_layout){0};
}
