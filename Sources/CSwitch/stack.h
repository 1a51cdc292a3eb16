// SPDX-License-Identifier: Apache-2.0
//
// What the architecture-specific files provide: swap_x86_64.S, swap_aarch64.S, or swap_ucontext.c elsewhere.

#ifndef SWITCHYARD_STACK_H
#define SWITCHYARD_STACK_H

#include "CSwitch.h"

/// Saves the callee-saved state on the running stack, stores the stack pointer in `*save`, and continues at `load`.
void sw_swap(void *_Nullable *_Nonnull save, void *_Nonnull load);

/// Lays out a first frame at the top of a fresh stack, so that swapping to the returned pointer calls `entry(argument)`.
void *_Nonnull sw_first_frame(void *_Nonnull top, void (*_Nonnull entry)(void *_Nullable), void *_Nullable argument);

#endif
