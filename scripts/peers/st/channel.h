// SPDX-License-Identifier: Apache-2.0
//
// What State Threads lacks: channels and a yield.

#ifndef CHANNEL_H
#define CHANNEL_H

#include <st.h>
#include <stdbool.h>
#include <stddef.h>

// A waiting thread, on its own stack, and the value that it gets or offers.
struct waiter {
    st_thread_t thread;
    struct waiter *next;
    long value;
    bool done;
};

// A channel is a rendezvous: a queue of threads that wait, all of them to receive or all of them to send. A thread that
// finds a partner hands the value over on the partner's stack, and makes the partner runnable with st_thread_interrupt.
struct channel {
    struct waiter *first;
    struct waiter *last;
    long receivers;
    long senders;
};

static inline void enqueue(struct channel *channel, struct waiter *waiter) {
    if (channel->first == NULL) channel->first = waiter;
    else channel->last->next = waiter;
    channel->last = waiter;
}

static inline void wait_in(struct channel *channel, struct waiter *waiter) {
    enqueue(channel, waiter);
    while (!waiter->done) st_usleep(ST_UTIME_NO_TIMEOUT);
}

static inline struct waiter *wake_first(struct channel *channel) {
    struct waiter *waiter = channel->first;
    channel->first = waiter->next;
    waiter->done = true;
    st_thread_interrupt(waiter->thread);
    return waiter;
}

static inline void put(struct channel *channel, long value) {
    if (channel->receivers > 0) {
        channel->receivers -= 1;
        wake_first(channel)->value = value;
        return;
    }
    struct waiter self = {.thread = st_thread_self(), .value = value};
    channel->senders += 1;
    wait_in(channel, &self);
}

static inline long take(struct channel *channel) {
    if (channel->senders > 0) {
        channel->senders -= 1;
        return wake_first(channel)->value;
    }
    struct waiter self = {.thread = st_thread_self()};
    channel->receivers += 1;
    wait_in(channel, &self);
    return self.value;
}

// State Threads has no yield of its own: a sleep of no length lets all others run first.
static inline void yield_now(void) { st_usleep(0); }

static inline void wait_for_receivers(struct channel *channel, long count) {
    while (channel->receivers < count) yield_now();
}

// Sleeps until a time of st_utime. The library counts from when it last looked at the clock, which is earlier than now.
static inline void sleep_until(st_utime_t deadline) {
    st_utime_t last = st_utime_last_clock();
    st_usleep(deadline > last ? deadline - last : 0);
}

static inline void withdraw(struct channel *channel, struct waiter *waiter) {
    struct waiter *before = NULL;
    for (struct waiter *each = channel->first; each != waiter; each = each->next) before = each;
    if (before == NULL) channel->first = waiter->next;
    else before->next = waiter->next;
    if (channel->last == waiter) channel->last = before;
}

// Receives a value before a deadline; returns -1 if none comes.
static inline long take_until(struct channel *channel, st_utime_t deadline) {
    if (channel->senders > 0) return take(channel);
    struct waiter self = {.thread = st_thread_self()};
    channel->receivers += 1;
    enqueue(channel, &self);
    sleep_until(deadline);
    if (self.done) return self.value;
    channel->receivers -= 1;
    withdraw(channel, &self);
    return -1;
}

#endif
