// SPDX-License-Identifier: Apache-2.0
//
// timers: threads that sleep until deadlines, and receives with deadlines.

#include "channel.h"
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>

enum { BATCHES = 10, DEADLINES = 256 };

// What print_deadlines prints: the figures of all runs since it last did.
static long *latenesses;
static long noted;
static double arm_cancel;

struct sleepers {
    struct channel gate;
    long count;
    long spread;
    long *lateness;
    long early;
};

struct sleeper {
    st_thread_t thread;
    struct sleepers *all;
    long index;
};

static void *sleep_once(void *argument) {
    struct sleeper *self = argument;
    struct sleepers *all = self->all;
    long deadline = take(&all->gate) + all->spread * self->index / all->count;
    sleep_until((deadline + 999) / 1000);
    long lateness = now() - deadline;
    all->early += lateness < 0;
    all->lateness[self->index] = lateness < 0 ? 0 : lateness;
    return NULL;
}

// Starts threads in random order.
static struct sleeper *spawn_sleepers(struct sleepers *all) {
    struct sleeper *each = allocate(all->count, sizeof *each);
    for (long index = 0; index < all->count; ++index) {
        long other = split_mix(index) % (index + 1);
        each[index].index = each[other].index;
        each[other].index = index;
    }
    for (long place = 0; place < all->count; ++place) {
        each[place].all = all;
        each[place].thread = spawn(sleep_once, &each[place], true);
    }
    wait_for_receivers(&all->gate, all->count);
    return each;
}

static void sleep_and_wake(struct sleepers *all, struct sleeper *each) {
    // Long enough for all to fall asleep.
    long first = now() + 10000000 + all->count * 10000;
    for (long place = 0; place < all->count; ++place) put(&all->gate, first);
    for (long place = 0; place < all->count; ++place) st_thread_join(each[place].thread, NULL);
}

// Arming and cancelling

// An hour or two from now.
static st_utime_t far_off(uint64_t seed) { return now() / 1000 + 3600000000 + split_mix(seed) % 3600000000; }

static void *sleep_long(void *argument) {
    sleep_until(*(st_utime_t *)argument);
    return NULL;
}

struct exchange {
    struct channel messages;
    struct channel replies;
    long size;
};

// Sends each message only after a reply to the last, so that every receive has to wait: only then is a deadline armed.
static void *send_messages(void *argument) {
    struct exchange *exchange = argument;
    for (long number = 0; number < exchange->size; ++number) {
        put(&exchange->messages, number);
        take(&exchange->replies);
    }
    return NULL;
}

// Receives messages, with deadlines unless that is NULL; returns the time, and counts the messages that come before
// their deadline.
static long receive_messages(long size, const st_utime_t *deadlines, long *received) {
    struct exchange exchange = {.size = size};
    st_thread_t sender = spawn(send_messages, &exchange, true);
    long begin = now();
    for (long number = 0; number < size; ++number) {
        if (deadlines == NULL) take(&exchange.messages);
        else *received += take_until(&exchange.messages, deadlines[number % DEADLINES]) == number;
        put(&exchange.replies, 0);
    }
    long elapsed = now() - begin;
    st_thread_join(sender, NULL);
    return elapsed;
}

// Returns the number of messages received before their deadline.
static long exchange_batches(long messages) {
    long received = 0;
    long difference = 0;
    for (long batch = 0; batch < BATCHES; ++batch) {
        st_utime_t deadlines[DEADLINES];
        for (long index = 0; index < DEADLINES; ++index) deadlines[index] = far_off(~(batch * DEADLINES + index));
        long size = messages * (batch + 1) / BATCHES - messages * batch / BATCHES;
        difference += receive_messages(size, deadlines, &received);
        difference -= receive_messages(size, NULL, NULL);
    }
    arm_cancel += (double)difference / messages;
    return received;
}

// Exchanges messages beside threads that sleep.
static long arm_and_cancel(long messages, long count) {
    st_thread_t *threads = allocate(count, sizeof *threads);
    st_utime_t *deadlines = allocate(count, sizeof *deadlines);
    for (long index = 0; index < count; ++index) {
        deadlines[index] = far_off(index);
        threads[index] = spawn(sleep_long, &deadlines[index], true);
    }
    yield_now();
    long received = exchange_batches(messages);
    for (long index = 0; index < count; ++index) st_thread_interrupt(threads[index]);
    for (long index = 0; index < count; ++index) st_thread_join(threads[index], NULL);
    free(deadlines);
    free(threads);
    return received;
}

struct result timers(void) {
    struct sleepers all = {.count = parameter("count"), .spread = parameter("spread") * 1000000};
    latenesses = realloc(latenesses, (noted + all.count) * sizeof *latenesses);
    if (latenesses == NULL) fail("out of memory");
    all.lateness = latenesses + noted;
    noted += all.count;
    struct sleeper *each = spawn_sleepers(&all);
    long begin = now();
    sleep_and_wake(&all, each);
    long received = arm_and_cancel(parameter("cancelled"), all.count);
    long end = now();
    free(each);
    return (struct result){end - begin, all.count - all.early + received};
}

void print_deadlines(long runs) {
    fputs(", \"lateness\": [", stdout);
    for (long index = 0; index < noted; ++index) printf("%s%ld", index > 0 ? ", " : "", latenesses[index]);
    printf("], \"arm-cancel\": %.3f", arm_cancel / runs);
    noted = 0;
    arm_cancel = 0;
}
