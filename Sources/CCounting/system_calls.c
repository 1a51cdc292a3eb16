// SPDX-License-Identifier: Apache-2.0

// Replacements of libc's wrappers of system calls: each adds to the counter of its name, and calls the original last,
// so that errno is what that leaves. Calls that libc makes itself are not counted: they pass no table.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "counts.h"

#include <CCounting.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/// The wrappers with a fixed number of arguments: result, name, parameters, arguments.
#define WRAPPERS(each) \
    each(ssize_t, read, (int a, void *b, size_t c), (a, b, c)) \
    each(ssize_t, write, (int a, const void *b, size_t c), (a, b, c)) \
    each(ssize_t, readv, (int a, const struct iovec *b, int c), (a, b, c)) \
    each(ssize_t, writev, (int a, const struct iovec *b, int c), (a, b, c)) \
    each(ssize_t, recv, (int a, void *b, size_t c, int d), (a, b, c, d)) \
    each(ssize_t, recvfrom, (int a, void *b, size_t c, int d, struct sockaddr *e, socklen_t *f), (a, b, c, d, e, f)) \
    each(ssize_t, recvmsg, (int a, struct msghdr *b, int c), (a, b, c)) \
    each(int, recvmmsg, (int a, struct mmsghdr *b, unsigned c, int d, struct timespec *e), (a, b, c, d, e)) \
    each(ssize_t, send, (int a, const void *b, size_t c, int d), (a, b, c, d)) \
    each(ssize_t, sendto, (int a, const void *b, size_t c, int d, const struct sockaddr *e, socklen_t f), \
         (a, b, c, d, e, f)) \
    each(ssize_t, sendmsg, (int a, const struct msghdr *b, int c), (a, b, c)) \
    each(int, sendmmsg, (int a, struct mmsghdr *b, unsigned c, int d), (a, b, c, d)) \
    each(int, accept, (int a, struct sockaddr *b, socklen_t *c), (a, b, c)) \
    each(int, accept4, (int a, struct sockaddr *b, socklen_t *c, int d), (a, b, c, d)) \
    each(int, connect, (int a, const struct sockaddr *b, socklen_t c), (a, b, c)) \
    each(int, shutdown, (int a, int b), (a, b)) \
    each(int, close, (int a), (a)) \
    each(int, epoll_wait, (int a, struct epoll_event *b, int c, int d), (a, b, c, d)) \
    each(int, epoll_pwait, (int a, struct epoll_event *b, int c, int d, const sigset_t *e), (a, b, c, d, e)) \
    each(int, epoll_ctl, (int a, int b, int c, struct epoll_event *d), (a, b, c, d)) \
    each(int, poll, (struct pollfd *a, nfds_t b, int c), (a, b, c)) \
    each(int, ppoll, (struct pollfd *a, nfds_t b, const struct timespec *c, const sigset_t *d), (a, b, c, d)) \
    each(int, timerfd_settime, (int a, int b, const struct itimerspec *c, struct itimerspec *d), (a, b, c, d)) \
    each(int, eventfd_read, (int a, eventfd_t *b), (a, b)) \
    each(int, eventfd_write, (int a, eventfd_t b), (a, b)) \
    each(int, nanosleep, (const struct timespec *a, struct timespec *b), (a, b)) \
    each(int, clock_nanosleep, (clockid_t a, int b, const struct timespec *c, struct timespec *d), (a, b, c, d)) \
    each(int, sched_yield, (void), ()) \
    each(int, socket, (int a, int b, int c), (a, b, c)) \
    each(int, bind, (int a, const struct sockaddr *b, socklen_t c), (a, b, c)) \
    each(int, listen, (int a, int b), (a, b)) \
    each(int, setsockopt, (int a, int b, int c, const void *d, socklen_t e), (a, b, c, d, e)) \
    each(int, getsockopt, (int a, int b, int c, void *d, socklen_t *e), (a, b, c, d, e))

enum {
#define INDEX(result, name, parameters, arguments) index_##name,
    WRAPPERS(INDEX) index_fcntl,
    index_syscall,
    wrappers
};

static _Atomic uint64_t calls[wrappers];

static void count(int index) {
    if (is_counting()) atomic_fetch_add_explicit(&calls[index], 1, memory_order_relaxed);
}

#define WRAPPER(result, name, parameters, arguments) \
    static result(*libc_##name) parameters; \
    static result counted_##name parameters { \
        count(index_##name); \
        return libc_##name arguments; \
    }
WRAPPERS(WRAPPER)

static int (*libc_fcntl)(int descriptor, int command, ...);
static long (*libc_syscall)(long number, ...);

// Those with a variable number of arguments read as many as there can be: what was not passed is some value that the
// original does not look at.

static int counted_fcntl(int descriptor, int command, ...) {
    va_list list;
    va_start(list, command);
    void *argument = va_arg(list, void *);
    va_end(list);
    count(index_fcntl);
    return libc_fcntl(descriptor, command, argument);
}

static long counted_syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long values[6];
    for (int i = 0; i < 6; i++) values[i] = va_arg(list, long);
    va_end(list);
    count(index_syscall);
    return libc_syscall(number, values[0], values[1], values[2], values[3], values[4], values[5]);
}

#define REPLACE(result, name, parameters, arguments) {#name, (void *)counted_##name, (void **)&libc_##name},
const struct replacement replaced_system_calls[] = {
    WRAPPERS(REPLACE)
    // One function under two names.
    {"fcntl", (void *)counted_fcntl, (void **)&libc_fcntl},
    {"fcntl64", (void *)counted_fcntl, (void **)&libc_fcntl},
    {"syscall", (void *)counted_syscall, (void **)&libc_syscall},
    {NULL, NULL, NULL},
};

#define NAME(result, name, parameters, arguments) #name,
static const char *const names[wrappers] = {WRAPPERS(NAME) "fcntl", "syscall"};

void reset_system_calls(void) {
    for (int i = 0; i < wrappers; i++) atomic_store(&calls[i], 0);
}

int counting_system_calls(void) { return wrappers; }

const char *counting_name(int index) { return names[index]; }

uint64_t counting_calls(int index) { return atomic_load(&calls[index]); }
