// SPDX-License-Identifier: Apache-2.0
//
// The clocks of a test process: this clock_gettime(3) takes the place of libc's, also for the runtime's libraries.

#ifndef SWITCHYARD_CCLOCK_H
#define SWITCHYARD_CCLOCK_H

#include <stdint.h>

/// Moves CLOCK_BOOTTIME ahead of the other clocks, as if the machine had slept. For a process of its own.
void clock_jump(int64_t seconds);

/// How often a clock was read in this process.
uint64_t clock_readings(void);

#endif
