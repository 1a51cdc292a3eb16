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
/// An eventfd(2) that is always readable: as a semaphore, which each read takes 1 from, and that starts at 2^64 - 2.
int linux_eventfd_always_readable(void);

/// epoll_create1(2), close-on-exec.
int linux_epoll_create(void);
/// Adds a descriptor, edge-triggered, for input; `data` comes back with its events.
int linux_epoll_add(int epoll, int descriptor, uint64_t data);
/// What may have become possible on a descriptor, in the terms of epoll(7) and poll(2), which are the same for these.
enum {
    linux_readable = 0x1,
    linux_urgent = 0x2,
    linux_writable = 0x4,
    linux_failed = 0x8,
    linux_hung_up = 0x10,
    linux_read_hung_up = 0x2000
};

/// One descriptor, as epoll tells of it.
typedef struct linux_event {
    uint64_t data;
    uint32_t events;
} linux_event;

/// Adds a descriptor, edge-triggered, for input, urgent or not, output, and the peer's end.
int linux_epoll_add_socket(int epoll, int descriptor, uint64_t data);
/// epoll_pwait2(2) for up to `capacity` events. A negative time-out waits for ever.
int linux_epoll_events(int epoll, linux_event *events, int capacity, int64_t timeout_nanoseconds);

/// One descriptor, as poll(2) takes and tells it: a `struct pollfd`.
typedef struct linux_poll {
    int32_t descriptor;
    int16_t wanted;
    int16_t events;
} linux_poll;

/// ppoll(2). A negative time-out waits for ever.
int linux_poll_all(linux_poll *descriptors, size_t count, int64_t timeout_nanoseconds);

/// A TCP socket, non-blocking and close-on-exec, that listens at the address (a `struct sockaddr`); what it
/// accepts is without delay.
int linux_listen(const void *address, size_t size);
/// A TCP socket, non-blocking and close-on-exec, without delay, for the address's family.
int linux_socket(const void *address);
/// connect(2): 0, or EINPROGRESS negated.
int linux_connect(int descriptor, const void *_Nullable address, size_t size);
/// The error, negated, that a connection in progress has come to; 0 for none; -EAGAIN where it has not come to an end.
int linux_connect_result(int descriptor);
/// accept4(2), non-blocking and close-on-exec.
int linux_accept(int descriptor);
/// recv(2) and send(2), without waiting, and without SIGPIPE.
int64_t linux_receive(int descriptor, void *_Nullable buffer, size_t size);
int64_t linux_send(int descriptor, const void *_Nullable buffer, size_t size);
/// Another descriptor of the same socket, close-on-exec.
int linux_duplicate(int descriptor);
/// Stops listening: shutdown(2), both ways.
int linux_stop_listening(int descriptor);
/// Tells the peer of a connection that nothing more is sent: shutdown(2), one way.
void linux_shut_down_writing(int descriptor);
/// The local port.
int linux_local_port(int descriptor);

/// Blocks the thread until somebody rises the seat (a word that starts at 0), or has done so already; then the seat is 0
/// again. Returns false, and leaves the seat alone, when the instant on the monotonic clock (in nanoseconds; negative
/// for never) has passed first.
bool linux_seat_wait(uint32_t *seat, int64_t deadline_nanoseconds);
/// Lets the one thread that waits, or will wait next, go on.
void linux_seat_rise(uint32_t *seat);

/// By how many nanoseconds the kernel may delay the calling thread's time-outs: prctl(2), PR_GET_TIMERSLACK.
uint64_t linux_timer_slack(void);
/// The same with PR_SET_TIMERSLACK, for the calling thread and those that it starts from now on; 0 is the usual one.
void linux_set_timer_slack(uint64_t nanoseconds);

/// sched_getaffinity(2) of the calling thread: bit n % 8 of byte n / 8 is processor n.
int linux_get_affinity(uint8_t *mask, size_t size);
/// sched_setaffinity(2) of the calling thread and those that it starts from now on.
int linux_set_affinity(const uint8_t *mask, size_t size);

/// close(2).
void linux_close(int descriptor);

#pragma clang assume_nonnull end

#endif
