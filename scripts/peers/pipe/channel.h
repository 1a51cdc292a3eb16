// SPDX-License-Identifier: Apache-2.0
//
// A channel between threads of the kernel that write to one another's pipes.

#pragma once

#include <unistd.h>

#define PEER_NAME "pipe"

struct channel {
    int ends[2];
};

static void open_channel(struct channel *channel) {
    if (pipe(channel->ends) != 0) fail("a pipe cannot be opened");
}

static void close_channel(struct channel *channel) {
    close(channel->ends[0]);
    close(channel->ends[1]);
}

static void put(struct channel *channel, long message) {
    if (write(channel->ends[1], &message, sizeof message) != sizeof message) fail("a pipe cannot be written to");
}

static long take(struct channel *channel) {
    long message;
    if (read(channel->ends[0], &message, sizeof message) != sizeof message) fail("a pipe cannot be read");
    return message;
}
