// SPDX-License-Identifier: Apache-2.0
//
// Shared by the checks of CSwitch's stacks and of other architecture-specific C. They are plain C, so that they also
// run where Swift does not: under an emulator of another processor. `scripts/check-switching` builds and runs them.

#ifndef SWITCHYARD_CHECKS_H
#define SWITCHYARD_CHECKS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "stack.h"

/// Counts a check, and reports it if it fails.
void expect(bool holds, const char *what);

/// Swaps once with `pattern` plus a number in each register that the swap must preserve. Returns the bits that changed;
/// 0 is correct.
uint64_t check_swap(void **save, void *load, uint64_t pattern);

void check_swaps(uint64_t swaps);
void check_parking(void);
void check_bodies(void);
void check_unwinding(void);
void check_trampoline(void);
void check_stacks(void);
void check_refuge(void);
void check_regions(void);

#endif
