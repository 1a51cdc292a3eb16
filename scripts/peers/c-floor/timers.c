// SPDX-License-Identifier: Apache-2.0
//
// timers: stacks that sleep, and one that receives with a deadline. Deadlines are in a heap; the main stack waits for
// the earliest one.

#include "heap.h"
#include "peer.h"
#include "stack.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

enum { BATCHES = 10, DEADLINES = 256 };

struct sleepers;

struct sleeper {
    struct timer timer; // first: a timer is cast to its sleeper
    struct stack stack;
    struct sleepers *all;
};

struct sleepers {
    struct stack main;
    struct heap *heap;
    struct sleeper *each;
    char *memory;
    long count;
    long *lateness;
    long early;
};

// What print_lateness prints: the figures of all runs since it last did.
static long *latenesses;
static long noted;
static double arm_cancel;

static uint64_t next_random(uint64_t *state) {
    uint64_t mixed = *state += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    return mixed ^ mixed >> 31;
}

static long far_off(uint64_t *state) { return now() + 3600000000000L + (long)(next_random(state) % 3600000000000UL); }

// Sleeps until the deadline in its timer whenever it is resumed.
static void sleep_repeatedly(void *argument) {
    struct sleeper *self = argument;
    struct sleepers *all = self->all;
    for (;;) {
        swap(&self->stack, &all->main);
        insert(all->heap, &self->timer);
        swap(&self->stack, &all->main);
        long lateness = now() - self->timer.deadline;
        all->early += lateness < 0;
        all->lateness[self - all->each] = lateness < 0 ? 0 : lateness;
    }
}

static void open_sleepers(struct sleepers *all, long count, long *lateness) {
    *all = (struct sleepers){.heap = create_heap(count + 1), .count = count, .lateness = lateness};
    all->each = allocate(count, sizeof *all->each);
    all->memory = allocate_stacks(count + 1); // and one for the receiver
    for (long index = 0; index < count; ++index) {
        struct sleeper *sleeper = &all->each[index];
        sleeper->all = all;
        prepare(&sleeper->stack, all->memory, index, sleep_repeatedly, sleeper);
        swap(&all->main, &sleeper->stack);
    }
}

static void close_sleepers(struct sleepers *all) {
    free_stacks(all->memory);
    free(all->each);
    destroy_heap(all->heap);
}

static long *shuffled(long count) {
    long *order = allocate(count, sizeof *order);
    uint64_t state = 1;
    for (long index = 0; index < count; ++index) {
        long other = next_random(&state) % (index + 1);
        order[index] = order[other];
        order[other] = index;
    }
    return order;
}

// Resumes each sleeper when its deadline has come.
static void wake_all(struct sleepers *all) {
    while (all->heap->count > 0) {
        struct timer *earliest = all->heap->timers[0];
        if (now() < earliest->deadline) {
            struct timespec time = {earliest->deadline / 1000000000, earliest->deadline % 1000000000};
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
        } else {
            withdraw(all->heap, earliest);
            swap(&all->main, &((struct sleeper *)earliest)->stack);
        }
    }
}

static void sleep_and_wake(struct sleepers *all, long spread, const long *order) {
    // Long enough for all to fall asleep.
    long first = now() + 10000000 + all->count * 10000;
    for (long index = 0; index < all->count; ++index) {
        struct sleeper *sleeper = &all->each[order[index]];
        sleeper->timer.deadline = first + spread * order[index] / all->count;
        swap(&all->main, &sleeper->stack);
    }
    wake_all(all);
}

// Arming and cancelling

struct receiver {
    struct stack stack;
    struct sleepers *all;
    const long *deadlines; // NULL for receives without
    long size;
    long message;
    long received;
};

static void receive_repeatedly(void *argument) {
    struct receiver *self = argument;
    struct timer timer;
    for (long number = 0; number < self->size; ++number) {
        if (self->deadlines != NULL) {
            timer.deadline = self->deadlines[number % DEADLINES];
            insert(self->all->heap, &timer);
        }
        swap(&self->stack, &self->all->main);
        if (self->deadlines != NULL) {
            withdraw(self->all->heap, &timer);
            self->received += self->message == number;
        }
    }
    swap(&self->stack, &self->all->main);
}

// Sends a batch of messages; returns the time.
static long exchange(struct sleepers *all, long size, const long *deadlines, long *received) {
    struct receiver receiver = {.all = all, .deadlines = deadlines, .size = size};
    prepare(&receiver.stack, all->memory, all->count, receive_repeatedly, &receiver);
    long begin = now();
    swap(&all->main, &receiver.stack);
    for (long number = 0; number < size; ++number) {
        receiver.message = number;
        swap(&all->main, &receiver.stack);
    }
    long elapsed = now() - begin;
    *received += receiver.received;
    return elapsed;
}

// Returns the number of messages received before their deadline.
static long arm_and_cancel(struct sleepers *all, long messages) {
    uint64_t state = 2;
    for (long index = 0; index < all->count; ++index) {
        all->each[index].timer.deadline = far_off(&state);
        swap(&all->main, &all->each[index].stack);
    }
    long received = 0;
    long difference = 0;
    for (long batch = 0; batch < BATCHES; ++batch) {
        long deadlines[DEADLINES];
        for (long index = 0; index < DEADLINES; ++index) deadlines[index] = far_off(&state);
        long size = messages * (batch + 1) / BATCHES - messages * batch / BATCHES;
        difference += exchange(all, size, deadlines, &received);
        difference -= exchange(all, size, NULL, &received);
    }
    arm_cancel += (double)difference / messages;
    return received;
}

struct result timers(void) {
    long count = parameter("count");
    long *order = shuffled(count);
    latenesses = realloc(latenesses, (noted + count) * sizeof *latenesses);
    if (latenesses == NULL) fail("out of memory");
    prctl(PR_SET_TIMERSLACK, 1UL);
    struct sleepers all;
    open_sleepers(&all, count, latenesses + noted);
    long begin = now();
    sleep_and_wake(&all, parameter("spread") * 1000000, order);
    long received = arm_and_cancel(&all, parameter("cancelled"));
    long end = now();
    noted += count;
    close_sleepers(&all);
    free(order);
    return (struct result){end - begin, count - all.early + received};
}

void print_lateness(long runs) {
    fputs(", \"lateness\": [", stdout);
    for (long index = 0; index < noted; ++index) printf("%s%ld", index > 0 ? ", " : "", latenesses[index]);
    printf("], \"arm-cancel\": %.3f", arm_cancel / runs);
    noted = 0;
    arm_cancel = 0;
}
