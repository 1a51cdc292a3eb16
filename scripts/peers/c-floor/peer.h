// SPDX-License-Identifier: Apache-2.0
//
// What the workloads share.

#ifndef PEER_H
#define PEER_H

#include <stddef.h>

// What one run measures, and its answer.
struct result {
    long nanoseconds;
    long answer;
};

struct result ping_pong(void);
struct result yields(void);
struct result ring(void);
struct result timers(void);

// Print what `timers` adds to the answer to N runs.
void print_lateness(long runs);

// Serve on the listening socket until standard input ends.
void serve_echo(int listener);
void serve_page(int listener);

// The value of the argument NAME=VALUE.
long parameter(const char *name);

// The monotonic clock, in nanoseconds.
long now(void);

// Zeroed memory; never fails.
void *allocate(size_t count, size_t size);

// Ends the measurement.
_Noreturn void fail(const char *sentence);

#endif
