// SPDX-License-Identifier: Apache-2.0
//
// echo and http-server: one thread waits with epoll, edge-triggered, and answers as soon as it has read.

#include "peer.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 256, CHUNK = 65536, HEAD = 8192 };

struct connection {
    int descriptor;
    char *unsent; // what did not fit into the socket; nothing is read until it has
    size_t unsent_count;
    size_t filled;
    char head[]; // bytes of a request that is not complete; only for HTTP
};

// Answers what has come on a connection; returns false if it is to be closed.
typedef bool answerer(struct connection *connection, bool ending);

static bool keep_unsent(struct connection *connection, const char *bytes, size_t count) {
    connection->unsent = allocate(1, count);
    connection->unsent_count = count;
    memcpy(connection->unsent, bytes, count);
    return true;
}

// Sends bytes, or keeps them; returns false if the connection is broken.
static bool put(struct connection *connection, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = write(connection->descriptor, bytes, count);
        if (sent < 0) return errno == EAGAIN && keep_unsent(connection, bytes, count);
        bytes += sent;
        count -= sent;
    }
    return true;
}

static bool put_unsent(struct connection *connection) {
    char *bytes = connection->unsent;
    connection->unsent = NULL;
    bool open = put(connection, bytes, connection->unsent_count);
    free(bytes);
    return open;
}

static bool echo(struct connection *connection, bool ending) {
    static char bytes[CHUNK];
    while (connection->unsent == NULL) {
        ssize_t count = read(connection->descriptor, bytes, sizeof bytes);
        if (count <= 0) return count < 0 && errno == EAGAIN;
        if (!put(connection, bytes, count)) return false;
        // That was all; what comes later is another event. But the end has been announced only once.
        if (count < (ssize_t)sizeof bytes && !ending) return true;
    }
    return true;
}

static bool put_reply(struct connection *connection, const char *request, size_t length) {
    static const char page[] =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nHello, world!\n";
    static const char none[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    static const char line[] = "GET / HTTP/1.1\r\n";
    bool found = length >= sizeof line - 1 && memcmp(request, line, sizeof line - 1) == 0;
    return found ? put(connection, page, sizeof page - 1) : put(connection, none, sizeof none - 1);
}

// Replies to the complete requests at the beginning of what has come.
static bool put_replies(struct connection *connection) {
    size_t done = 0;
    bool open = true;
    while (open && connection->unsent == NULL) {
        const char *request = connection->head + done;
        const char *blank = memmem(request, connection->filled - done, "\r\n\r\n", 4);
        if (blank == NULL) break;
        size_t length = blank + 4 - request;
        open = put_reply(connection, request, length);
        done += length;
    }
    connection->filled -= done;
    memmove(connection->head, connection->head + done, connection->filled);
    return open;
}

static bool answer_requests(struct connection *connection, bool ending) {
    while (put_replies(connection) && connection->unsent == NULL) {
        size_t room = HEAD - connection->filled;
        ssize_t count = read(connection->descriptor, connection->head + connection->filled, room);
        if (count <= 0) return count < 0 && room > 0 && errno == EAGAIN;
        connection->filled += count;
        if ((size_t)count < room && !ending) return put_replies(connection);
    }
    return connection->unsent != NULL;
}

static void watch(int poller, int descriptor, uint32_t events, void *data) {
    struct epoll_event event = {.events = events, .data.ptr = data};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll cannot wait for a descriptor");
}

static void accept_all(int poller, int listener, size_t head) {
    int descriptor;
    int on = 1;
    while ((descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct connection *connection = allocate(1, sizeof *connection + head);
        connection->descriptor = descriptor;
        watch(poller, descriptor, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, connection);
    }
}

static void answer_event(struct connection *connection, uint32_t events, answerer *answer) {
    bool open = connection->unsent == NULL || put_unsent(connection);
    if (open && answer(connection, events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))) return;
    close(connection->descriptor);
    free(connection->unsent);
    free(connection);
}

static bool input_has_ended(void) {
    char ignored[64];
    return read(STDIN_FILENO, ignored, sizeof ignored) == 0;
}

static void serve(int listener, answerer *answer, size_t head) {
    struct epoll_event events[EVENTS];
    int poller = epoll_create1(0);
    signal(SIGPIPE, SIG_IGN);
    watch(poller, STDIN_FILENO, EPOLLIN, NULL);
    watch(poller, listener, EPOLLIN, &listener);
    for (;;) {
        int count = epoll_wait(poller, events, EVENTS, -1);
        for (int index = 0; index < count; ++index) {
            void *data = events[index].data.ptr;
            if (data == &listener) accept_all(poller, listener, head);
            else if (data != NULL) answer_event(data, events[index].events, answer);
            else if (input_has_ended()) return;
        }
    }
}

void serve_echo(int listener) { serve(listener, echo, 0); }
void serve_page(int listener) { serve(listener, answer_requests, HEAD); }
