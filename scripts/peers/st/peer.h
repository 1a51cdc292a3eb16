// SPDX-License-Identifier: Apache-2.0
//
// What the workloads share.

#ifndef PEER_H
#define PEER_H

#include <st.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What one run measures, and its answer.
struct result {
    long measure;
    long answer;
};

struct result ping_pong(void);
struct result yields(void);
struct result ring(void);
struct result spawn_join(void);
struct result skynet(void);
struct result parked(void);
struct result timers(void);
struct result hog(void);

// Prints what `timers` adds to the answer to N runs.
void print_deadlines(long runs);

// Servers; they return the port.
int listen_to_echo(void);
int listen_to_page(void);
int listen_to_fan_out(void);

// The value of the argument NAME=VALUE.
long parameter(const char *name);

// The monotonic clock, in nanoseconds.
long now(void);

// Zeroed memory; never fails.
void *allocate(size_t count, size_t size);

st_thread_t spawn(void *(*start)(void *), void *argument, bool joinable);

// The first number of a SplitMix64 generator.
uint64_t split_mix(uint64_t seed);

// Ends the measurement.
_Noreturn void fail(const char *sentence);

#endif
