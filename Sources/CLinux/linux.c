// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CLinux.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int checked(long result) { return result < 0 ? -errno : (int)result; }

static struct timespec from_nanoseconds(int64_t nanoseconds) {
    return (struct timespec){.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
}

int linux_eventfd(void) { return checked(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)); }

int linux_eventfd_signal(int descriptor) {
    uint64_t one = 1;
    return checked(write(descriptor, &one, sizeof one));
}

int linux_eventfd_drain(int descriptor) {
    uint64_t count;
    int result = checked(read(descriptor, &count, sizeof count));
    return result < 0 ? result : count < INT_MAX ? (int)count : INT_MAX;
}

int linux_eventfd_always_readable(void) {
    int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC | EFD_SEMAPHORE);
    uint64_t most = UINT64_MAX - 1;
    if (descriptor >= 0 && write(descriptor, &most, sizeof most) < 0) {
        int reason = -errno;
        close(descriptor);
        return reason;
    }
    return checked(descriptor);
}

int linux_epoll_create(void) { return checked(epoll_create1(EPOLL_CLOEXEC)); }

int linux_epoll_add(int epoll, int descriptor, uint64_t data) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = data};
    return checked(epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event));
}

int linux_epoll_add_socket(int epoll, int descriptor, uint64_t data) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLPRI | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.u64 = data};
    return checked(epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event));
}

int linux_epoll_arm(int epoll, int descriptor, uint32_t events, uint64_t data, bool is_new) {
    struct epoll_event event = {.events = events | EPOLLONESHOT, .data.u64 = data};
    return checked(epoll_ctl(epoll, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event));
}

int linux_epoll_events(int epoll, linux_event *found, int capacity, int64_t timeout_nanoseconds) {
    enum { most = 256 };
    struct epoll_event events[most];
    struct timespec timeout = from_nanoseconds(timeout_nanoseconds);
    int room = capacity < most ? capacity : most;
    // Called by number, because libc may be older than the kernel. If the kernel is too old for it, fall back to
    // epoll_wait, with the timeout rounded up to milliseconds.
    enum { epoll_pwait2_number = 441 };
    int count = checked(
        syscall(epoll_pwait2_number, epoll, events, room, timeout_nanoseconds < 0 ? NULL : &timeout, NULL, 0));
    if (count == -ENOSYS) {
        int64_t milliseconds = timeout_nanoseconds < 0 ? -1 : timeout_nanoseconds / 1000000 + (timeout_nanoseconds % 1000000 != 0);
        count = checked(epoll_wait(epoll, events, room, milliseconds > INT32_MAX ? INT32_MAX : (int)milliseconds));
    }
    for (int i = 0; i < count; i++) found[i] = (linux_event){events[i].data.u64, events[i].events};
    return count;
}

bool linux_parker_wait(uint32_t *parker, int64_t deadline_nanoseconds) {
    struct timespec deadline = from_nanoseconds(deadline_nanoseconds);
    for (;;) {
        // The unparking thread stores 1 and then wakes. The kernel rechecks the word under its own lock, so a store
        // between the exchange and the sleep makes the wait return at once.
        if (__atomic_exchange_n(parker, 0, __ATOMIC_ACQ_REL)) return true;
        long result = syscall(SYS_futex, parker, FUTEX_WAIT_BITSET_PRIVATE, 0,
                              deadline_nanoseconds < 0 ? NULL : &deadline, NULL, FUTEX_BITSET_MATCH_ANY);
        if (result < 0 && errno == ETIMEDOUT) return __atomic_exchange_n(parker, 0, __ATOMIC_ACQ_REL) != 0;
    }
}

void linux_parker_unpark(uint32_t *parker) {
    __atomic_store_n(parker, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, parker, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

void linux_close(int descriptor) { (void)close(descriptor); }

uint64_t linux_timer_slack(void) {
    int slack = prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);
    return slack < 0 ? 0 : (uint64_t)slack;
}

void linux_die_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

void linux_set_timer_slack(uint64_t nanoseconds) { prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0); }
