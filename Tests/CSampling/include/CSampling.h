// SPDX-License-Identifier: Apache-2.0
//
// What the profiler's tests do in signal handlers, and therefore in C: single-stepping, signal storms, and measuring
// stacks.

#ifndef SWITCHYARD_CSAMPLING_H
#define SWITCHYARD_CSAMPLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// --------------------------------------------------------------------------------------------------------- single
// steps

/// Whether single-stepping is implemented for this processor: x86-64 only.
bool steps_are_possible(void);

/// Keeps Swift Testing from recording every thrown error, which would be a third of all steps.
void steps_leave_errors_alone(void);

/// Starts stepping: before each instruction, the profiler unwinds the stack of every thread that opts in. Call once per
/// process, with the profiler loaded.
///
/// `tasklet_offset` tells where a node has the address of its tasklet.
void steps_begin(size_t tasklet_offset);

/// Opts in the calling thread and the threads that it starts. Has no effect before ``steps_begin``, or when called
/// again.
void steps_on_this_thread(void);

/// Stops stepping: each thread continues unobserved from its next instruction.
void steps_end(void);

/// An instruction with one outermost frame that its traces had.
typedef struct steps_place {
    /// The instruction.
    uintptr_t instruction;
    /// The outermost address of the traces; 0 if the stack could not be unwound.
    uintptr_t end;
    /// The thread's previous instruction at the first astray trace.
    uintptr_t astray_after;
    /// The number of traces.
    uint32_t count;
    /// The number of traces whose only frame is the outermost one.
    uint32_t alone;
    /// The number of frames of the longest trace.
    uint32_t deepest;
    /// The number of traces that do not follow from the previous one by what the instruction in between did: call,
    /// return, or neither.
    uint32_t astray;
} steps_place;

/// The places, in any order, and their number. Call after ``steps_end``.
const steps_place *steps_places(size_t *count);

typedef struct steps_totals {
    /// The number of steps, and of those whose trace could be compared with the previous one.
    uint64_t count, compared;
    /// The number of traces dropped for lack of room.
    uint64_t lost;
    /// The number of steps at which the thread's note named a tasklet that was freed.
    uint64_t freed;
} steps_totals;

steps_totals steps_sums(void);

/// The start of an instruction's function by the unwinding tables; 0 if they lack it.
uintptr_t steps_function(uintptr_t instruction);

/// Whether an instruction is one of the few at which the compiler's unwinding tables are wrong about an async function.
///
/// Such a function pushes its context between the caller's frame pointer and its own. The tables miss the push, for the
/// instruction that then sets the frame pointer and the one after it. In the epilogue they are late by the instruction
/// after the one that restores the caller's frame pointer.
bool steps_is_in_async_frame_change(uintptr_t instruction);

/// The functions that park a tasklet: soft, hard, or with its thread.
typedef struct steps_switches {
    uintptr_t soft_park, resume;
    uintptr_t stack_swap, region_park, region_resume, swap, stack_start;
    uintptr_t parker_wait;
} steps_switches;
steps_switches steps_switch_functions(void);

// ---------------------------------------------------------------------------------------------------------------
// storms

/// Starts to send SIGPROF to the thread that last opted in, until the running profile has that many more samples or
/// ``storm_end`` is called. Returns false if the sender's thread cannot be started.
///
/// The sender waits until the profiler has taken the sample, and then for a random moment. Otherwise the next signal
/// would arrive before the handler returns, and the thread would never reach its next instruction.
bool storm_begin(int samples);

/// Makes the calling thread the target.
void storm_on_this_thread(void);

/// Whether the requested number of samples has been taken.
bool storm_is_over(void);

/// Stops the sender, and returns the number of signals sent. Call before stopping the profile.
uint64_t storm_end(void);

// -----------------------------------------------------------------------------------------------------------------
// room

/// The number of bytes that a sample writes to below the stack pointer of a function on a stack of CSwitch, with that
/// many callers above it. A profile has to be running. Returns 0 if the stack cannot be allocated.
size_t room_of_sample(int callers);

/// The number of bytes below the caller on this thread's own stack; 0 if the caller runs on another stack.
size_t room_on_thread_stack(void);

#pragma clang assume_nonnull end

#endif
