// SPDX-License-Identifier: Apache-2.0

// Counts what a process asks of libc: its allocations, and the calls of libc's wrappers of system calls; and keeps what
// the kernel says about threads until they end. It costs time, so only a process that is not timed installs it.
//
// The counts are those of the whole process, but for the threads that have excluded themselves.

#ifndef SWITCHYARD_CCOUNTING_H
#define SWITCHYARD_CCOUNTING_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Lets every object that is loaded now call the counting functions instead of libc's, for the rest of the process's
/// life. Objects that dlopen(3) loads later are not counted, nor is a call through a pointer that was stored before.
///
/// Returns how many entries of the objects' tables it has replaced. A second call replaces nothing, and returns 0.
int counting_install(void);

/// Counts from now on.
void counting_resume(void);
/// Counts no more until it is resumed. A call that another thread has begun may still be counted.
void counting_pause(void);
/// Sets all counts to zero.
void counting_reset(void);

/// Leaves out the calls of the calling thread from now on.
void counting_exclude_thread(void);

/// Begins to ask which threads have ended. No thread ends until ``counting_end_threads``. Returns how long the threads
/// that were created after the installation, and have ended, waited for a processor in their lives, in nanoseconds.
uint64_t counting_begin_threads(void);
/// Whether that includes a thread: one that still exists may be about to end.
bool counting_has_ended(int thread);
/// Ends asking.
void counting_end_threads(void);

/// The calls of malloc, calloc, realloc, posix_memalign, aligned_alloc and memalign.
uint64_t counting_allocations(void);
/// The bytes that these asked for.
uint64_t counting_allocated_bytes(void);

/// How many system calls have counts.
int counting_system_calls(void);
/// The name of one of them, from 0: that of libc's wrapper.
const char *counting_name(int index);
/// The calls of that wrapper.
uint64_t counting_calls(int index);

#pragma clang assume_nonnull end

#endif
