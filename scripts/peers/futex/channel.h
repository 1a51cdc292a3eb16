// SPDX-License-Identifier: Apache-2.0
//
// A channel between threads of the kernel that wake one another with futexes.

#pragma once

#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PEER_NAME "futex"

// A channel has room for one message, which the workloads never exceed: a sender does not wait.
struct channel {
    atomic_int full;
    long message;
};

static void open_channel(struct channel *channel) { *channel = (struct channel){0}; }

static void close_channel(struct channel *channel) { (void)channel; }

static void put(struct channel *channel, long message) {
    channel->message = message;
    atomic_store_explicit(&channel->full, 1, memory_order_release);
    syscall(SYS_futex, &channel->full, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static long take(struct channel *channel) {
    while (atomic_load_explicit(&channel->full, memory_order_acquire) == 0) {
        syscall(SYS_futex, &channel->full, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
    }
    long message = channel->message;
    atomic_store_explicit(&channel->full, 0, memory_order_relaxed);
    return message;
}
