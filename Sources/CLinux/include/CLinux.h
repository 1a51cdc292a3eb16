// SPDX-License-Identifier: Apache-2.0
//
// Linux calls that Swift cannot import. Each returns the call's result or the negated errno, which leaves nothing
// between the call and the reading of errno that could change it.

#ifndef SWITCHYARD_CLINUX_H
#define SWITCHYARD_CLINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Creates an eventfd(2), non-blocking and close-on-exec.
int linux_eventfd(void);
/// Adds 1 to an eventfd.
int linux_eventfd_signal(int descriptor);
/// Resets an eventfd to 0, and returns what it was: the number of writes; -EAGAIN where there was no write.
int linux_eventfd_drain(int descriptor);
/// Creates an eventfd(2) that is always readable: a semaphore that starts at 2^64 - 2, and each read takes 1.
int linux_eventfd_always_readable(void);

/// The eventfd that tells of work on libdispatch's main queue, on the main thread; negative on every other thread, and
/// where libdispatch is not loaded.
int linux_main_queue(void);

/// The class of service of the queue of libdispatch's that the calling thread runs on, if that has that name; else 0.
unsigned linux_queue_class(const char *label);

/// Whether the calling thread is the process's first.
int linux_is_main_thread(void);
/// Runs what waits on the main queue, as a run loop does. Does nothing on another thread than the main one, and where
/// the caller runs on the main queue already.
void linux_main_queue_run(void);

/// Creates an epoll instance: epoll_create1(2), close-on-exec.
int linux_epoll_create(void);
/// Registers a descriptor for input, edge-triggered; its events carry `data`.
int linux_epoll_add(int epoll, int descriptor, uint64_t data);
/// Events of a descriptor; epoll(7) and poll(2) use the same bits for these.
enum {
    linux_readable = 0x1,
    linux_urgent = 0x2,
    linux_writable = 0x4,
    linux_failed = 0x8,
    linux_hung_up = 0x10,
    linux_read_hung_up = 0x2000
};

/// An event reported by epoll.
typedef struct linux_event {
    uint64_t data;
    uint32_t events;
} linux_event;

/// Registers a socket, edge-triggered, for input, urgent input, output and the peer's end of stream.
int linux_epoll_add_socket(int epoll, int descriptor, uint64_t data);
/// Asks for one event of a descriptor, at once where it is ready: EPOLLONESHOT. `is_new` registers the descriptor.
int linux_epoll_arm(int epoll, int descriptor, uint32_t events, uint64_t data, bool is_new);
/// Waits for up to `capacity` events: epoll_pwait2(2). A negative timeout means forever.
int linux_epoll_events(int epoll, linux_event *events, int capacity, int64_t timeout_nanoseconds);

/// An entry for poll(2), with the layout of `struct pollfd`.
typedef struct linux_poll {
    int32_t descriptor;
    int16_t wanted;
    int16_t events;
} linux_poll;

/// ppoll(2). A negative timeout means forever.
///
/// Where the kernel refuses (RLIMIT_NOFILE is below `count`, or memory is short), this waits for a millisecond at most,
/// and reports that what is wanted of each is there: a caller that tries finds out.
int linux_poll_all(linux_poll *descriptors, size_t count, int64_t timeout_nanoseconds);

/// Creates a TCP socket listening at an address (a `struct sockaddr`), non-blocking and close-on-exec. Accepted sockets
/// inherit TCP_NODELAY.
int linux_listen(const void *address, size_t size);
/// Gives a listening socket the queue of connections that `linux_listen` gave it, where something has changed that.
int linux_restore_backlog(int descriptor);
/// Creates a TCP socket for an address's family: non-blocking, close-on-exec, TCP_NODELAY.
int linux_socket(const void *address);
/// connect(2): 0 or -EINPROGRESS, or another negated errno.
int linux_connect(int descriptor, const void *_Nullable address, size_t size);
/// The outcome of a connect in progress: 0, the negated error, or -EAGAIN while it is pending.
int linux_connect_result(int descriptor);
/// accept4(2), non-blocking and close-on-exec.
int linux_accept(int descriptor);
/// recv(2) and send(2), non-blocking and without SIGPIPE.
int64_t linux_receive(int descriptor, void *_Nullable buffer, size_t size);
int64_t linux_send(int descriptor, const void *_Nullable buffer, size_t size);
/// Duplicates a descriptor, close-on-exec.
int linux_duplicate(int descriptor);
/// Stops a listening socket: shutdown(2) of both directions.
int linux_stop_listening(int descriptor);
/// Sends the end of the stream: shutdown(2) of the sending direction.
void linux_shut_down_writing(int descriptor);
/// The local port of a socket.
int linux_local_port(int descriptor);
/// Copies the address of a socket's other end (a `struct sockaddr`) to `address`, and returns its length in bytes.
int linux_remote_address(int descriptor, void *_Nullable address, size_t size);
/// How many bytes the other end of a TCP connection has acknowledged (TCP_INFO); 0 where that is not known.
uint64_t linux_acknowledged(int descriptor);

/// Parks the calling thread until another thread unparks it, or consumes an unpark that came first.
///
/// The parker is a word that starts at 0, and is 0 again afterwards. Returns false if the deadline passes first, in
/// nanoseconds of the monotonic clock, negative for none; then a later unpark is kept for the next wait.
bool linux_parker_wait(uint32_t *parker, int64_t deadline_nanoseconds);
/// Unparks the thread parked on a parker, or lets its next wait return at once. Only one thread may wait on a parker.
void linux_parker_unpark(uint32_t *parker);

/// The calling thread's timer slack in nanoseconds, by which the kernel may delay its timeouts: PR_GET_TIMERSLACK.
uint64_t linux_timer_slack(void);
/// Sets the timer slack of the calling thread and the threads it creates later; 0 restores the default.
void linux_set_timer_slack(uint64_t nanoseconds);
/// Has the kernel kill this process when the thread that started it ends; prctl(2), `PR_SET_PDEATHSIG`.
void linux_die_with_parent(void);

/// Moves this process, which must have one thread, to a network of its own that has nothing but a loopback, for good;
/// its children inherit that. The process and its files belong to the same user as before. unshare(2), with
/// `CLONE_NEWNET`, and `CLONE_NEWUSER` where that takes privileges. Does nothing where the kernel refuses a part of it.
int linux_leave_network(void);

/// sched_getaffinity(2) of the calling thread: bit n % 8 of byte n / 8 stands for processor n.
int linux_get_affinity(uint8_t *mask, size_t size);
/// sched_setaffinity(2) of the calling thread; threads it creates later inherit the mask.
int linux_set_affinity(const uint8_t *mask, size_t size);
/// The kernel's number of the calling thread: gettid(2).
int linux_thread_number(void);
/// Gives a thread of this process the policy SCHED_IDLE: sched_setscheduler(2). It then gives way to a thread of any
/// other policy at once.
int linux_run_only_when_idle(int thread);

/// Events that a processor counts.
typedef enum linux_counter {
    linux_instructions,
    linux_cycles,
    linux_cache_misses,
    linux_branch_misses
} linux_counter;

/// What a counter has counted, and for how many of the nanoseconds since it was opened: a processor with more events
/// to count than counters takes turns with them.
typedef struct linux_counter_reading {
    uint64_t count;
    uint64_t enabled;
    uint64_t running;
} linux_counter_reading;

/// Counts events of the calling thread, and of the threads that it and those create from now on: perf_event_open(2),
/// close-on-exec. `with_kernel` counts what the kernel does for them, too, for which privileges may be required.
int linux_counter_open(linux_counter kind, bool with_kernel);
/// Reads a counter; returns whether that succeeded.
bool linux_counter_read(int descriptor, linux_counter_reading *reading);

/// close(2).
void linux_close(int descriptor);

#pragma clang assume_nonnull end

#endif
