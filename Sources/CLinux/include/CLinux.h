// SPDX-License-Identifier: Apache-2.0
//
// Linux calls that Swift cannot import. Each returns the call's result, or the negated errno: so that nothing between
// the call and the reading of errno can change it.

#ifndef SWITCHYARD_CLINUX_H
#define SWITCHYARD_CLINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// eventfd(2), non-blocking and close-on-exec.
int linux_eventfd(void);
/// Adds 1 to an eventfd.
int linux_eventfd_signal(int descriptor);
/// Sets an eventfd back to 0.
int linux_eventfd_drain(int descriptor);

/// Waits until the descriptor is readable: ppoll(2) on one descriptor. A negative time-out waits for ever.
int linux_wait_readable(int descriptor, int64_t timeout_nanoseconds);

/// epoll_create1(2), close-on-exec.
int linux_epoll_create(void);
/// Adds a descriptor, edge-triggered, for input; `data` comes back with its events.
int linux_epoll_add(int epoll, int descriptor, uint64_t data);
/// epoll_pwait2(2) for up to `capacity` events, of which the `data` are stored. A negative time-out waits for ever.
int linux_epoll_wait(int epoll, uint64_t *data, int capacity, int64_t timeout_nanoseconds);

/// Blocks the thread until somebody rises the seat (a word that starts at 0), or has done so already; then the seat is 0
/// again. Returns false, and leaves the seat alone, when the instant on the monotonic clock (in nanoseconds; negative
/// for never) has passed first.
bool linux_seat_wait(uint32_t *seat, int64_t deadline_nanoseconds);
/// Lets the one thread that waits, or will wait next, go on.
void linux_seat_rise(uint32_t *seat);

/// sched_getaffinity(2) of the calling thread: bit n % 8 of byte n / 8 is processor n.
int linux_get_affinity(uint8_t *mask, size_t size);
/// sched_setaffinity(2) of the calling thread and those that it starts from now on.
int linux_set_affinity(const uint8_t *mask, size_t size);

/// close(2).
void linux_close(int descriptor);

#pragma clang assume_nonnull end

#endif
