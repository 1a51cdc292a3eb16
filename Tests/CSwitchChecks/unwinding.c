// SPDX-License-Identifier: Apache-2.0
//
// Checks that an unwinder, as in profilers and debuggers, gets from a stack's frames to its end.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unwind.h>

#include "checks.h"

extern int main(int, char **);

enum { most_frames = 64 };

typedef struct trace {
    uintptr_t addresses[most_frames];
    int count;
} trace;

static _Unwind_Reason_Code note_frame(struct _Unwind_Context *context, void *argument) {
    trace *frames = argument;
    if (frames->count == most_frames) return _URC_NORMAL_STOP;
    frames->addresses[frames->count++] = _Unwind_GetIP(context);
    return _URC_NO_REASON;
}

static bool unwind(trace *frames) {
    frames->count = 0;
    return _Unwind_Backtrace(note_frame, frames) == _URC_END_OF_STACK && frames->count < most_frames;
}

/// The function that contains an instruction. The lookup is made for return addresses, so it looks one byte before.
static void *function_of(uintptr_t instruction) { return _Unwind_FindEnclosingFunction((void *)(instruction + 1)); }

static int frames_in(const trace *frames, void *function) {
    int count = 0;
    for (int i = 0; i < frames->count; i++) count += function_of(frames->addresses[i] - 1) == function;
    return count;
}

typedef struct pair {
    void *here, *there;
} pair;

static pair stacks;
static trace seen;
static bool has_ended;

__attribute__((noinline)) static void look_around(void *argument) {
    (void)argument;
    has_ended = unwind(&seen);
    for (;;) sw_swap(&stacks.there, stacks.here);
}

__attribute__((noinline)) static void start_and_return(void *sp) {
    sw_swap(&stacks.here, sp);
    __asm__ volatile("");  // keeps this from becoming a tail call, which has no frame
}

static void a_stack_unwinds_to_its_first_function(void) {
    enum { size = 256 * 1024 };
    char *base = malloc(size);
    start_and_return(sw_first_frame(base + size, look_around, NULL));
    expect(has_ended, "unwinding ends");
    expect(frames_in(&seen, (void *)look_around) == 1, "unwinding finds the first function");
    expect(frames_in(&seen, (void *)main) == 0, "unwinding does not stray to another stack");
    free(base);
}

// Single-stepping needs x86-64, and ucontext's swap belongs to the C library.
#if defined(__x86_64__) && !defined(SWITCHYARD_UCONTEXT)

extern void sw_stack_start(void);

static volatile sig_atomic_t is_stepping;
static int steps, ended, here_steps, there_steps, fresh_steps, start_steps;
static trace step_trace;

/// Runs before each instruction of the swap: an unwinder must find the caller, on either stack.
static void step(int number, siginfo_t *information, void *argument) {
    (void)number;
    (void)information;
    ucontext_t *context = argument;
    enum { trap_flag = 0x100 };
    greg_t *flags = &context->uc_mcontext.gregs[REG_EFL];
    *flags = is_stepping ? *flags | trap_flag : *flags & ~(greg_t)trap_flag;
    uintptr_t pc = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
    bool is_at_start = function_of(pc) == (void *)sw_stack_start;
    if (!is_at_start && function_of(pc) != (void *)sw_swap) return;
    steps++;
    ended += unwind(&step_trace);
    bool is_new = frames_in(&step_trace, (void *)sw_stack_start) == 1 && frames_in(&step_trace, (void *)look_around) == 0;
    fresh_steps += is_new && !is_at_start;
    start_steps += is_new && is_at_start;
    here_steps += frames_in(&step_trace, (void *)start_and_return) == 1 && frames_in(&step_trace, (void *)main) == 1;
    there_steps += frames_in(&step_trace, (void *)look_around) == 1 &&
                   frames_in(&step_trace, (void *)sw_stack_start) == 1;
}

static void the_swap_unwinds_at_every_instruction(void) {
    // The numbers of instructions executed in sw_swap, half of them on each stack, and in sw_stack_start.
    enum { size = 256 * 1024, instructions = 16, half = instructions / 2, start_instructions = 2 };
    char *base = malloc(size);
    struct sigaction action = {.sa_sigaction = step, .sa_flags = SA_SIGINFO}, before;
    sigaction(SIGTRAP, &action, &before);
    is_stepping = 1;
    raise(SIGTRAP);
    start_and_return(sw_first_frame(base + size, look_around, NULL));
    start_and_return(stacks.there);
    is_stepping = 0;
    raise(SIGTRAP);
    sigaction(SIGTRAP, &before, NULL);
    expect(steps == 4 * instructions + start_instructions, "each instruction of four swaps is stepped over");
    expect(ended == steps, "unwinding ends at each instruction of the swap");
    expect(here_steps == 4 * half && there_steps == 3 * half, "unwinding finds the caller at each instruction");
    expect(fresh_steps == half, "on a new stack, unwinding finds the first function");
    expect(start_steps == start_instructions, "unwinding ends in that function");
    free(base);
}

#else
static void the_swap_unwinds_at_every_instruction(void) {}
#endif

void check_unwinding(void) {
    a_stack_unwinds_to_its_first_function();
    the_swap_unwinds_at_every_instruction();
}
