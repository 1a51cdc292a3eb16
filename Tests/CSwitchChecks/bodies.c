// SPDX-License-Identifier: Apache-2.0
//
// Checks the task that runs one body after another, with closures like those that Swift's compiler generates, and
// stand-ins for the runtime's words and allocator.

#include <stdlib.h>

#include "checks.h"
#include "runtime.h"

#define ASYNC __attribute__((swiftasynccall))
#define CONTEXT __attribute__((swift_async_context))
/// A closure's captures, or the error that an async function throws: the same register.
#define CAPTURES __attribute__((swift_context))

typedef struct async_frame {
    struct async_frame *parent;
    ASYNC void (*resume)(CONTEXT struct async_frame *, CAPTURES void *);
} async_frame;

ASYNC void sw_run_bodies(CONTEXT async_frame *frame, CAPTURES void *record);

/// Replaces the one in task.c, which needs a Swift runtime.
sw_decision sw_decide_step;

/// What the task's record begins with is all that it needs here.
static sw_context context;
static char captures, error, task, next;
static __thread void *words[4], *access_set;
static _Alignas(16) char frame[80];
static int decisions, calls, allocations, mistakes;
static bool has_ended;

void *swift_task_alloc(size_t size) {
    allocations++;
    return malloc(size);
}

void swift_task_dealloc(void *memory) {
    allocations--;
    free(memory);
}

static bool is_inside(const async_frame *callee) {
    return (char *)callee >= frame && (char *)callee + 32 <= frame + sizeof frame;
}

static void note_call(async_frame *callee, void *actor, void *received, bool fits) {
    calls++;
    mistakes += actor || received != &captures || callee->parent != (async_frame *)frame || is_inside(callee) != fits;
}

ASYNC void sw_check_small(void *actor, void *witness, CONTEXT async_frame *callee, CAPTURES void *received) {
    (void)witness;
    note_call(callee, actor, received, true);
    return callee->resume(callee, NULL);
}

ASYNC void sw_check_large(void *actor, void *witness, CONTEXT async_frame *callee, CAPTURES void *received) {
    (void)witness;
    note_call(callee, actor, received, false);
    mistakes += allocations != 1;
    return callee->resume(callee, &error);
}

/// The entry of an async function: its address relative to this record, and the size of its frame.
#define ENTRY(function, size)                                                                                   \
    __asm__(".pushsection .data.rel.ro,\"aw\",%progbits\n.p2align 3\n" #function "Tu:\n  .long " #function " - " \
            #function "Tu\n  .long " #size "\n.popsection\n");                                                  \
    extern const char function##Tu[] SW_LOCAL
ENTRY(sw_check_small, 32);
ENTRY(sw_check_large, 48);

static void decide(void *record, void *failure, sw_step *step) {
    const sw_step steps[] = {
        {(uintptr_t)sw_check_smallTu, &captures, NULL},
        {(uintptr_t)sw_check_largeTu, &captures, NULL},
        {sw_step_park, NULL, &next},
        {sw_step_end, NULL, NULL},
    };
    mistakes += record != &context || failure != (decisions == 2 ? &error : NULL) || allocations != 0;
    *step = steps[decisions++];
}

static ASYNC void end(CONTEXT async_frame *ended, CAPTURES void *failure) {
    (void)failure;
    has_ended = ended == (async_frame *)frame;
}

void check_bodies(void) {
    sw_runtime.concurrency = (char *)words - (char *)__builtin_thread_pointer();
    sw_runtime.core = (char *)&access_set - (char *)__builtin_thread_pointer();
    sw_decide_step = decide;
    words[sw_word_task] = &task;
    ((async_frame *)frame)->resume = end;
    sw_run_bodies((async_frame *)frame, &context);
    expect(decisions == 3 && calls == 2, "a task calls one closure after the other, and parks");
    expect(context.task == &task && !has_ended, "its place is in its record");
    expect(sw_current() == &next, "what it has given way to is current");
    sw_resume(&context);
    expect(decisions == 4 && calls == 2, "a task that has been resumed asks what to do");
    expect(has_ended, "a task ends when it is told to");
    expect(mistakes == 0, "closures get their captures and frames, and what they throw arrives");
    sw_set_current(NULL);
    sw_runtime = (struct sw_runtime_layout){0};
}
