// SPDX-License-Identifier: Apache-2.0
//
// Connections, and HTTP/1.1 over them.

#ifndef SERVERS_H
#define SERVERS_H

#include <st.h>
#include <stdbool.h>
#include <stddef.h>

// A connection, and what has come over it but has not been taken.
struct stream {
    st_netfd_t socket;
    size_t taken;
    size_t filled;
    char bytes[8192];
};

// A server, whose connections each have a thread.
struct server {
    st_netfd_t listener;
    void (*serve)(struct server *server, st_netfd_t socket);
};

// Starts a server; returns the port.
int listen_to(struct server *server);

// A socket for a connection that exists, without Nagle's algorithm.
void prepare(st_netfd_t socket);

struct stream *open_stream(st_netfd_t socket);
void close_stream(struct stream *stream);

// Takes the head of the next message, which ends with an empty line; NULL at the end of the connection.
const char *take_head(struct stream *stream, size_t *length);

// Takes some bytes more; NULL at the end of the connection.
const char *take_bytes(struct stream *stream, size_t count);

bool send_bytes(st_netfd_t socket, const char *bytes, size_t count);

#endif
