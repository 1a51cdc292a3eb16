// SPDX-License-Identifier: Apache-2.0
//
// Soft parking, in Swift's async calling convention.
//
// An async function is called with its context in the swiftasync register: word 0 is the caller's context, word 1 the
// function to continue the caller with. Returning is a tail call of word 1. So a function that keeps its context and
// does not return has parked its caller, frames and all, and the caller continues when word 1 is called.
//
// A parked task still runs, as far as the runtime is told. Cancellation and priority escalation only set flags in it;
// waking it is the scheduler's business alone.

#include "runtime.h"

#define ASYNC __attribute__((swiftasynccall))
#define CONTEXT __attribute__((swift_async_context))

typedef struct async_frame {
    struct async_frame *parent;
    ASYNC void (*resume)(CONTEXT struct async_frame *);
} async_frame;

/// The record that a caller of the async function `sw_soft_park` needs: where it is, relative to the record, and how
/// large a context its caller has to allocate for it.
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

// async function sw_soft_park(sw_context *from, sw_context *to, void *current): in soft_x86_64.S and soft_aarch64.S. In
// its calling convention the first two words are the caller's isolation (an optional actor), which every nonisolated
// async function takes. It is nil here: whoever runs on an actor has to suspend through the runtime, which lets the
// actor go.
#if !defined(__x86_64__) && !defined(__aarch64__)
/// Never called: sw_runtime_verify says no.
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
