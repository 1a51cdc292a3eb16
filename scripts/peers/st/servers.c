// SPDX-License-Identifier: Apache-2.0
//
// echo, http-server and hog; and what servers have in common.

#include "servers.h"

#include "peer.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool send_bytes(st_netfd_t socket, const char *bytes, size_t count) {
    return st_write(socket, bytes, count, ST_UTIME_NO_TIMEOUT) == (ssize_t)count;
}

struct stream *open_stream(st_netfd_t socket) {
    struct stream *stream = malloc(sizeof *stream);
    if (stream == NULL) fail("out of memory");
    stream->socket = socket;
    stream->taken = stream->filled = 0;
    return stream;
}

void close_stream(struct stream *stream) {
    st_netfd_close(stream->socket);
    free(stream);
}

// Reads more, behind what has not been taken; false at the end, or if there is no room.
static bool fill(struct stream *stream) {
    if (stream->taken > 0) {
        stream->filled -= stream->taken;
        memmove(stream->bytes, stream->bytes + stream->taken, stream->filled);
        stream->taken = 0;
    }
    size_t room = sizeof stream->bytes - stream->filled;
    ssize_t count = st_read(stream->socket, stream->bytes + stream->filled, room, ST_UTIME_NO_TIMEOUT);
    if (count <= 0) return false;
    stream->filled += count;
    return true;
}

const char *take_head(struct stream *stream, size_t *length) {
    for (;;) {
        const char *head = stream->bytes + stream->taken;
        const char *end = memmem(head, stream->filled - stream->taken, "\r\n\r\n", 4);
        if (end != NULL) {
            *length = end + 4 - head;
            stream->taken += *length;
            return head;
        }
        if (!fill(stream)) return NULL;
    }
}

const char *take_bytes(struct stream *stream, size_t count) {
    while (stream->filled - stream->taken < count) {
        if (!fill(stream)) return NULL;
    }
    stream->taken += count;
    return stream->bytes + stream->taken - count;
}

// Listening

struct arrival {
    struct server *server;
    st_netfd_t socket;
};

static void *serve_arrival(void *argument) {
    struct arrival arrival = *(struct arrival *)argument;
    free(argument);
    arrival.server->serve(arrival.server, arrival.socket);
    return NULL;
}

void prepare(st_netfd_t socket) {
    int on = 1;
    setsockopt(st_netfd_fileno(socket), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void *accept_repeatedly(void *argument) {
    struct server *server = argument;
    st_netfd_t socket;
    while ((socket = st_accept(server->listener, NULL, NULL, ST_UTIME_NO_TIMEOUT)) != NULL) {
        prepare(socket);
        struct arrival *arrival = allocate(1, sizeof *arrival);
        *arrival = (struct arrival){server, socket};
        spawn(serve_arrival, arrival, false);
    }
    fail("a connection cannot be accepted");
}

int listen_to(struct server *server) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, SOMAXCONN) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
        fail("the port cannot be listened on");
    }
    server->listener = st_netfd_open_socket(listener);
    spawn(accept_repeatedly, server, false);
    return ntohs(address.sin_port);
}

// echo

static void echo(struct server *server, st_netfd_t socket) {
    (void)server;
    char bytes[4096];
    ssize_t count;
    while ((count = st_read(socket, bytes, sizeof bytes, ST_UTIME_NO_TIMEOUT)) > 0) {
        if (!send_bytes(socket, bytes, count)) break;
    }
    st_netfd_close(socket);
}

int listen_to_echo(void) {
    static struct server server = {.serve = echo};
    return listen_to(&server);
}

// http-server

static bool send_reply(st_netfd_t socket, const char *head, size_t length) {
    static const char page[] =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nHello, world!\n";
    static const char none[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    static const char line[] = "GET / HTTP/1.1\r\n";
    bool found = length >= sizeof line - 1 && memcmp(head, line, sizeof line - 1) == 0;
    return found ? send_bytes(socket, page, sizeof page - 1) : send_bytes(socket, none, sizeof none - 1);
}

static void serve_page(struct server *server, st_netfd_t socket) {
    (void)server;
    struct stream *stream = open_stream(socket);
    const char *head;
    size_t length;
    while ((head = take_head(stream, &length)) != NULL) {
        if (!send_reply(socket, head, length)) break;
    }
    close_stream(stream);
}

int listen_to_page(void) {
    static struct server server = {.serve = serve_page};
    return listen_to(&server);
}

// hog

struct work {
    long nanoseconds;
    long finished;
    long steps;
};

// Computes without giving way. Each step adds 1, which the compiler cannot prove.
static void *work_hard(void *argument) {
    struct work *work = argument;
    long steps = 0;
    uint64_t state = 0;
    for (long begin = now(); now() - begin < work->nanoseconds;) {
        for (int step = 0; step < 1000; ++step) steps += 1 | (long)(split_mix(++state) >> 63);
    }
    work->steps += steps;
    work->finished += 1;
    return NULL;
}

struct result hog(void) {
    struct work work = {.nanoseconds = parameter("work") * 1000000};
    long count = parameter("hogs");
    st_thread_t *threads = allocate(count, sizeof *threads);
    long begin = now();
    for (long index = 0; index < count; ++index) threads[index] = spawn(work_hard, &work, true);
    for (long index = 0; index < count; ++index) st_thread_join(threads[index], NULL);
    long end = now();
    free(threads);
    return (struct result){end - begin, work.finished};
}
