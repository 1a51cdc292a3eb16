// SPDX-License-Identifier: Apache-2.0
//
// Soft parking, in Swift's async calling convention.
//
// An async function receives its context in the swiftasync register: word 0 is the caller's context, word 1 the
// function that continues the caller. Returning is a tail call of word 1. So a function that saves its context and does
// not return has parked its caller with all its frames, and calling word 1 later resumes it.
//
// As far as the runtime knows, a parked task is still running. Cancellation and priority escalation only set flags in
// it; waking it is up to the scheduler alone.

#include "runtime.h"

#define ASYNC __attribute__((swiftasynccall))
#define CONTEXT __attribute__((swift_async_context))

typedef struct async_frame {
    struct async_frame *parent;
    ASYNC void (*resume)(CONTEXT struct async_frame *);
} async_frame;

/// The async function pointer of `sw_soft_park`: its address relative to this record, and the size of the context that
/// a caller must allocate for it.
__asm__(
    ".pushsection .data.rel.ro,\"aw\",%progbits\n"
    ".globl sw_soft_parkTu\n"
    ".type sw_soft_parkTu, %object\n"
    ".p2align 3\n"
    "sw_soft_parkTu:\n"
    "  .long sw_soft_park - sw_soft_parkTu\n"
    "  .long 16\n"
    ".size sw_soft_parkTu, 8\n"
    ".popsection\n");

// The async function sw_soft_park(sw_context *from, sw_context *to, void *current) is defined in soft_x86_64.S and
// soft_aarch64.S. Its calling convention puts the caller's isolation (an optional actor) into the first two words, as
// for every nonisolated async function. It is nil here: a tasklet leaves its actor before it parks.
#if !defined(__x86_64__) && !defined(__aarch64__)
/// Never called: sw_runtime_verify returns false.
void sw_soft_park(void);
void sw_soft_park(void) { __builtin_trap(); }
#endif

void sw_resume(sw_context *to) {
    void **words = sw_concurrency_words();
    void *task = words[sw_word_task];
    void *set = *sw_access_set();
    words[sw_word_task] = to->task;
    *sw_access_set() = to->access;
    async_frame *frame = to->frame;
    to->frame = 0;
    frame->resume(frame);
    __asm__ volatile("" ::: "memory");
    sw_concurrency_words()[sw_word_task] = task;
    *sw_access_set() = set;
}
