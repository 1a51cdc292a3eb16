// SPDX-License-Identifier: Apache-2.0

// What the counting functions and the code that installs them share.

#ifndef SWITCHYARD_COUNTS_H
#define SWITCHYARD_COUNTS_H

#include <stdbool.h>
#include <stddef.h>

/// A function of libc and what replaces it.
struct replacement {
    const char *name;
    void *function;
    /// Where the replacement finds the function that it calls.
    void **original;
};

/// The functions to replace; the last one has no name.
extern const struct replacement replaced_allocations[];
extern const struct replacement replaced_system_calls[];
extern const struct replacement replaced_threads[];

/// Finds the originals. Nothing is replaced where this has not been called.
void find_originals(const struct replacement *replacements);

/// Set the counts of each to zero.
void reset_allocations(void);
void reset_system_calls(void);

/// Prepares for the threads to come; returns whether that succeeded, without which they are not replaced.
bool prepare_threads(void);

/// Whether the calling thread's calls count now.
bool is_counting(void);

/// libc's malloc and free.
void *uncounted_malloc(size_t size);
void uncounted_free(void *block);

#endif
