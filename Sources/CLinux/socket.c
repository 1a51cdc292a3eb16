// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

_Static_assert(linux_readable == EPOLLIN && linux_readable == POLLIN, "readable");
_Static_assert(linux_urgent == EPOLLPRI && linux_urgent == POLLPRI, "urgent");
_Static_assert(linux_writable == EPOLLOUT && linux_writable == POLLOUT, "writable");
_Static_assert(linux_failed == EPOLLERR && linux_failed == POLLERR, "failed");
_Static_assert(linux_hung_up == EPOLLHUP && linux_hung_up == POLLHUP, "hung up");
_Static_assert(linux_read_hung_up == EPOLLRDHUP && linux_read_hung_up == POLLRDHUP, "read hung up");
_Static_assert(sizeof(linux_poll) == sizeof(struct pollfd), "poll");

static int checked(long result) { return result < 0 ? -errno : (int)result; }

/// Closes a half-initialized socket, and returns the negated errno.
static int give_up(int descriptor) {
    int reason = -errno;
    close(descriptor);
    return reason;
}

static int family(const void *address) { return ((const struct sockaddr *)address)->sa_family; }

enum { backlog = 4096 };

int linux_listen(const void *address, size_t size) {
    int descriptor = socket(family(address), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    int one = 1;
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0) return give_up(descriptor);
    // Accepted sockets inherit this option.
    if (setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) < 0) return give_up(descriptor);
    if (bind(descriptor, address, (socklen_t)size) < 0) return give_up(descriptor);
    if (listen(descriptor, backlog) < 0) return give_up(descriptor);
    return descriptor;
}

int linux_restore_backlog(int descriptor) { return checked(listen(descriptor, backlog)); }

int linux_socket(const void *address) {
    int descriptor = socket(family(address), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    int one = 1;
    if (setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) < 0) return give_up(descriptor);
    return descriptor;
}

int linux_connect(int descriptor, const void *address, size_t size) {
    return checked(connect(descriptor, address, (socklen_t)size));
}

int linux_connect_result(int descriptor) {
    struct pollfd one = {.fd = descriptor, .events = POLLOUT};
    int ready = poll(&one, 1, 0);
    if (ready == 0) return -EAGAIN;
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) < 0) return -errno;
    // Where poll is refused, as linux_poll_all says, a connection without an error may not be there yet.
    struct sockaddr_storage peer;
    size = sizeof peer;
    if (error == 0 && ready < 0 && getpeername(descriptor, (struct sockaddr *)&peer, &size) < 0) return -EAGAIN;
    return -error;
}

int linux_accept(int descriptor) {
    return checked(accept4(descriptor, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

int64_t linux_receive(int descriptor, void *buffer, size_t size) {
    ssize_t count = recv(descriptor, buffer, size, MSG_DONTWAIT);
    return count < 0 ? -errno : count;
}

int64_t linux_send(int descriptor, const void *buffer, size_t size) {
    ssize_t count = send(descriptor, buffer, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    return count < 0 ? -errno : count;
}

int linux_duplicate(int descriptor) { return checked(fcntl(descriptor, F_DUPFD_CLOEXEC, 0)); }

int linux_make_blocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    return checked(flags < 0 ? flags : fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK));
}

void linux_limit_unacknowledged(int descriptor, unsigned milliseconds) {
    setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}

void linux_reset_on_close(int descriptor) {
    struct linger none = {.l_onoff = 1, .l_linger = 0};
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

int linux_stop_listening(int descriptor) { return checked(shutdown(descriptor, SHUT_RDWR)); }

void linux_shut_down_writing(int descriptor) { shutdown(descriptor, SHUT_WR); }

int linux_local_port(int descriptor) {
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    if (getsockname(descriptor, (struct sockaddr *)&address, &size) < 0) return -errno;
    return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                               : ((struct sockaddr_in *)&address)->sin_port);
}

int linux_remote_address(int descriptor, void *address, size_t size) {
    socklen_t length = (socklen_t)size;
    if (getpeername(descriptor, address, &length) < 0) return -errno;
    return length <= size ? (int)length : -ENOBUFS;
}

static void nap(int64_t timeout_nanoseconds) {
    int64_t longest = 1000000;
    if (timeout_nanoseconds >= 0 && timeout_nanoseconds < longest) longest = timeout_nanoseconds;
    struct timespec time = {.tv_nsec = longest};
    nanosleep(&time, NULL);
}

int linux_poll_all(linux_poll *descriptors, size_t count, int64_t timeout_nanoseconds) {
    struct timespec timeout = {timeout_nanoseconds / 1000000000, timeout_nanoseconds % 1000000000};
    int ready = ppoll((struct pollfd *)descriptors, count, timeout_nanoseconds < 0 ? NULL : &timeout, NULL);
    if (ready >= 0 || (errno != EINVAL && errno != ENOMEM)) return checked(ready);
    nap(timeout_nanoseconds);
    for (size_t index = 0; index < count; index++) descriptors[index].events = descriptors[index].wanted;
    return (int)count;
}
