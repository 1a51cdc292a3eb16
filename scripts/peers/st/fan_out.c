// SPDX-License-Identifier: Apache-2.0
//
// fan-out-http: servers of numbers, one of which asks the others.

#include "channel.h"
#include "peer.h"
#include "servers.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A server that replies to GET /N with a number. It is cast to from its base.
struct number_server {
    struct server base;
    bool (*compute)(const struct number_server *server, uint64_t number, uint64_t *reply);
    uint64_t index; // of a back end
    long delay;     // its mean, in microseconds
};

// A back end, as the front end knows it: connections are kept for the next request.
struct back {
    struct number_server server;
    int port;
    long idle_count;
    long idle_room;
    struct stream **idle;
};

struct question {
    st_thread_t thread;
    struct back *back;
    uint64_t number;
    uint64_t reply;
    bool answered;
};

static struct back *backs;
static long back_count;

// Any server

static bool reply_to(const struct number_server *server, st_netfd_t socket, const char *head) {
    static const char failure[] = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
    uint64_t number;
    uint64_t reply;
    if (sscanf(head, "GET /%" SCNu64 " HTTP/1.1\r\n", &number) != 1 || !server->compute(server, number, &reply)) {
        return send_bytes(socket, failure, sizeof failure - 1);
    }
    char digits[24];
    char message[128];
    int size = snprintf(digits, sizeof digits, "%" PRIu64, reply);
    int length = snprintf(message, sizeof message,
                          "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", size, digits);
    return send_bytes(socket, message, length);
}

static void serve_numbers(struct server *base, st_netfd_t socket) {
    struct stream *stream = open_stream(socket);
    const char *head;
    size_t length;
    while ((head = take_head(stream, &length)) != NULL) {
        if (!reply_to((struct number_server *)base, socket, head)) break;
    }
    close_stream(stream);
}

// A back end

static bool reply_after_delay(const struct number_server *server, uint64_t number, uint64_t *reply) {
    uint64_t seed = number << 16 | server->index;
    double share = (double)(split_mix(seed | (uint64_t)1 << 62) >> 11) / 9007199254740992.0;
    double delay = server->delay * fmin(8, -log(1 - share));
    sleep_until((now() + (long)(delay * 1000) + 999) / 1000);
    *reply = split_mix(seed) >> 8;
    return true;
}

// The front end as a client

static struct stream *connect_to(int port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    st_netfd_t socket_to = st_netfd_open_socket(socket(AF_INET, SOCK_STREAM, 0));
    if (socket_to == NULL) return NULL;
    if (st_connect(socket_to, (struct sockaddr *)&address, sizeof address, ST_UTIME_NO_TIMEOUT) != 0) {
        st_netfd_close(socket_to);
        return NULL;
    }
    prepare(socket_to);
    return open_stream(socket_to);
}

static struct stream *take_stream(struct back *back) {
    return back->idle_count > 0 ? back->idle[--back->idle_count] : connect_to(back->port);
}

static void keep_stream(struct back *back, struct stream *stream) {
    if (back->idle_count == back->idle_room) {
        back->idle_room = 2 * back->idle_room + 16;
        back->idle = realloc(back->idle, back->idle_room * sizeof *back->idle);
        if (back->idle == NULL) fail("out of memory");
    }
    back->idle[back->idle_count++] = stream;
}

// The number that the head announces, and that the body has.
static bool take_number(struct stream *stream, uint64_t *number) {
    static const char name[] = "\r\nContent-Length: ";
    size_t length;
    const char *head = take_head(stream, &length);
    if (head == NULL || strncmp(head, "HTTP/1.1 200 ", 13) != 0) return false;
    const char *field = memmem(head, length, name, sizeof name - 1);
    size_t size = field == NULL ? 0 : strtoul(field + sizeof name - 1, NULL, 10);
    const char *body = take_bytes(stream, size);
    char digits[24];
    if (body == NULL || size == 0 || size >= sizeof digits) return false;
    memcpy(digits, body, size);
    digits[size] = '\0';
    *number = strtoull(digits, NULL, 10);
    return true;
}

static void *ask(void *argument) {
    struct question *self = argument;
    struct stream *stream = take_stream(self->back);
    if (stream == NULL) return NULL;
    char request[96];
    int length = snprintf(request, sizeof request, "GET /%" PRIu64 " HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n",
                          self->number, self->back->port);
    self->answered = send_bytes(stream->socket, request, length) && take_number(stream, &self->reply);
    if (self->answered) keep_stream(self->back, stream);
    else close_stream(stream);
    return NULL;
}

// Asks all back ends at once, each in a thread of its own.
static bool sum_replies(const struct number_server *server, uint64_t number, uint64_t *sum) {
    (void)server;
    struct question questions[256];
    bool answered = true;
    *sum = 0;
    for (long index = 0; index < back_count; ++index) {
        questions[index] = (struct question){.back = &backs[index], .number = number};
        questions[index].thread = spawn(ask, &questions[index], true);
    }
    for (long index = 0; index < back_count; ++index) {
        st_thread_join(questions[index].thread, NULL);
        answered = answered && questions[index].answered;
        *sum += questions[index].reply;
    }
    return answered;
}

int listen_to_fan_out(void) {
    static struct number_server front = {.base.serve = serve_numbers, .compute = sum_replies};
    back_count = parameter("fan-out");
    backs = allocate(back_count, sizeof *backs);
    for (long index = 0; index < back_count; ++index) {
        struct number_server *server = &backs[index].server;
        *server = (struct number_server){
            .base.serve = serve_numbers, .compute = reply_after_delay, .index = index, .delay = parameter("delay")};
        backs[index].port = listen_to(&server->base);
    }
    return listen_to(&front.base);
}
