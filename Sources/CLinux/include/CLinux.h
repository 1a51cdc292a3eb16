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

/// Makes a socket's operations wait, unless a call says otherwise: what waits for them in a ring has the kernel wait.
int linux_make_blocking(int descriptor);
/// Lets the kernel give a connection up that takes nothing of what was sent to it for so long: TCP_USER_TIMEOUT.
void linux_limit_unacknowledged(int descriptor, unsigned milliseconds);

/// Has close(2) reset a connection, as it does by itself where bytes were received that nobody has read.
void linux_reset_on_close(int descriptor);

/// An io_uring(7): entries of operations that the kernel takes in `linux_ring_enter`, and of their completions. One
/// thread uses it from `linux_ring_enable` on.
typedef struct linux_ring linux_ring;

/// What the kernel says of an operation.
typedef struct linux_completion {
    /// The operation's own.
    uint64_t data;
    /// The result, or a negated errno.
    int32_t result;
    /// Which of the buffers has the bytes; negative for none.
    int32_t buffer;
    /// Whether the operation goes on, and this is not its last completion.
    bool has_more;
} linux_completion;

/// Buffers that the kernel fills in the order in which they were given to it.
typedef struct linux_buffers {
    void *_Nullable table;
    char *_Nullable bytes;
    unsigned count, size;
    uint16_t tail;
} linux_buffers;

/// Makes a ring with room for as many operations and completions, which are powers of two: io_uring_setup(2).
///
/// One thread uses it, in whose calls the kernel does its work, where it can. Returns 0, or a negated errno: -EINVAL or
/// -EOPNOTSUPP where the kernel is too old.
int linux_ring_create(linux_ring *_Nullable *_Nonnull made, unsigned entries, unsigned completions);
/// Lets the calling thread, and no other, use a ring.
int linux_ring_enable(linux_ring *ring);
/// Frees a ring, which has no operations.
void linux_ring_destroy(linux_ring *ring);

/// How many operations the kernel has not taken yet.
unsigned linux_ring_unsubmitted(const linux_ring *ring);
/// Whether `linux_ring_next` has a completion.
bool linux_ring_has_completions(const linux_ring *ring);
/// Whether there are completions that the kernel stores only when it is entered.
bool linux_ring_needs_kernel(const linux_ring *ring);
/// Hands the kernel all operations, and waits until there are so many completions: io_uring_enter(2). A negative
/// timeout means forever; -ETIME says that it has passed.
int linux_ring_enter(linux_ring *ring, unsigned wanted, int64_t timeout_nanoseconds);
/// Takes a completion; returns whether there was one.
bool linux_ring_next(linux_ring *ring, linux_completion *completion);

/// Whether no operation can be added before the kernel has taken some.
bool linux_ring_is_full(const linux_ring *ring);
/// Completes whenever a descriptor becomes readable.
void linux_ring_watch(linux_ring *ring, int descriptor, uint64_t data);
/// Accepts connections, a completion each, close-on-exec.
void linux_ring_accept(linux_ring *ring, int descriptor, uint64_t data);
/// connect(2). The address is read in the next `linux_ring_enter`.
void linux_ring_connect(linux_ring *ring, int descriptor, const void *address, size_t size, uint64_t data);
/// Receives into the ring's buffers, a completion each.
void linux_ring_receive(linux_ring *ring, int descriptor, uint64_t data);
/// send(2) without SIGPIPE. The bytes are read until the operation has completed.
void linux_ring_send(linux_ring *ring, int descriptor, const void *bytes, size_t size, uint64_t data);
/// Cancels the operation whose data is `target`, which then completes.
void linux_ring_cancel(linux_ring *ring, uint64_t target, uint64_t data);
/// Cancels all operations.
void linux_ring_cancel_all(linux_ring *ring, uint64_t data);
/// close(2).
void linux_ring_close(linux_ring *ring, int descriptor, uint64_t data);

/// Makes buffers and gives them all to the kernel; `count` is a power of two, at most 32,768.
int linux_ring_add_buffers(linux_ring *ring, linux_buffers *made, unsigned count, unsigned size);
/// Gives a buffer back to the kernel, which sees it after `linux_buffers_publish`.
void linux_buffers_give(linux_buffers *buffers, unsigned index);
void linux_buffers_publish(linux_buffers *buffers);
/// Takes all buffers from the kernel.
int linux_ring_remove_buffers(linux_ring *ring);
/// Frees buffers that the kernel does not have.
void linux_buffers_free(linux_buffers *buffers);

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
