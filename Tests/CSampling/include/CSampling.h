// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the profiler have to do in signal handlers, and hence in C: single-stepping, and measuring a stack.

#ifndef SWITCHYARD_CSAMPLING_H
#define SWITCHYARD_CSAMPLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// --------------------------------------------------------------------------------------------------------- single steps

/// Whether this processor's single steps are known here: x86-64's.
bool steps_are_possible(void);

/// Has errors thrown without Swift Testing's taking note of each, which would be a third of all steps.
void steps_leave_errors_alone(void);

/// Begins: from now on the profiler looks at the stack before each instruction of every thread that asks for it. The
/// profiler has to be loaded. Once a process.
void steps_begin(void);

/// Has the calling thread looked at, and the threads that it starts. Without effect before ``steps_begin``, and where
/// the thread has asked already.
void steps_on_this_thread(void);

/// Ends: each thread goes on unobserved from its next instruction.
void steps_end(void);

/// An instruction, and an end that the profiler found its stack to have, as often as these went together.
typedef struct steps_place {
    /// The instruction.
    uintptr_t instruction;
    /// The outermost address of the trace; 0 where the stack could not be told.
    uintptr_t end;
    /// Where the thread's instruction before this one was, when the trace was first one that does not follow.
    uintptr_t astray_after;
    uint32_t count;
    /// How many traces had that end in their innermost frame: the stack was the function's own alone.
    uint32_t alone;
    /// Frames of the longest trace.
    uint32_t deepest;
    /// How many traces do not follow from the one before by what the instruction between them has done: called,
    /// returned, or neither.
    uint32_t astray;
} steps_place;

/// The places, in no order, and how many there are. After ``steps_end``.
const steps_place *steps_places(size_t *count);

typedef struct steps_totals {
    /// Instructions that were stepped through, and those among them whose trace could be held against the one before.
    uint64_t count, compared;
    /// Traces that were not noted, for want of room.
    uint64_t lost;
} steps_totals;

steps_totals steps_sums(void);

/// The start of the function that an instruction is in, as the unwinding tables have it; 0 where they have none.
uintptr_t steps_function(uintptr_t instruction);

/// Whether an instruction is one of the few at which the compiler's unwinding tables are wrong about an async function.
///
/// Such a function pushes its context between the caller's frame pointer and its own, and the tables do not count that
/// (the instruction that then sets the frame pointer, and the one after it); and at its end they are late by the
/// instruction after the caller's frame pointer is back.
bool steps_is_in_async_frame_change(uintptr_t instruction);

/// The functions that put a tasklet aside: softly, hard, or with its thread.
typedef struct steps_switches {
    uintptr_t soft_park, resume;
    uintptr_t stack_swap, swap, stack_start;
    uintptr_t seat_wait;
} steps_switches;
steps_switches steps_switch_functions(void);

// --------------------------------------------------------------------------------------------------------------- storms

/// Begins to send SIGPROF to whichever thread has asked for it last, until the running profile has that many samples
/// more, or ``storm_end`` is called. Returns false where no thread is to be had.
///
/// The sender waits until a sample has been taken, and then for a random moment: without that, the next signal would
/// always be there before the last one's handler is over, and the thread would never come to its next instruction.
bool storm_begin(int samples);

/// Has the calling thread hit.
void storm_on_this_thread(void);

/// Whether there are as many samples as were asked for.
bool storm_is_over(void);

/// Ends it: no signal is sent any more. To be called before the profile is stopped. Returns how many were sent.
uint64_t storm_end(void);

// ----------------------------------------------------------------------------------------------------------------- room

/// How many bytes below the stack pointer of a function on a stack of ours a sample writes to, with that many callers
/// above the function. A profile has to be running. Returns 0 where no stack is to be had.
size_t room_of_sample(int callers);

/// How many bytes there are below the caller on this thread's own stack; 0 where the caller runs on another one.
size_t room_on_thread_stack(void);

#pragma clang assume_nonnull end

#endif
