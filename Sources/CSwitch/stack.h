// SPDX-License-Identifier: Apache-2.0
//
// Provided per architecture: by swap_x86_64.S and swap_aarch64.S, or by swap_ucontext.c.

#ifndef SWITCHYARD_STACK_H
#define SWITCHYARD_STACK_H

#include "CSwitch.h"

/// Saves the callee-saved registers on the running stack and its stack pointer in `*save`, and resumes `load`.
void sw_swap(void *_Nullable *_Nonnull save, void *_Nonnull load);

/// Builds the first frame at the top of a new stack; swapping to the returned pointer calls `entry(argument)`.
void *_Nonnull sw_first_frame(void *_Nonnull top, void (*_Nonnull entry)(void *_Nullable), void *_Nullable argument);

#endif
