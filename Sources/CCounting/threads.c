// SPDX-License-Identifier: Apache-2.0

// Keeps what threads have waited for a processor once they end, when the kernel forgets it.
//
// Every thread that is created from the installation on reads its times in a destructor of thread-specific data, and
// adds them to a sum. It still exists for a moment then: each thread has a bit that says whether the sum includes it.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "counts.h"

#include <CCounting.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

/// The kernel's limit of thread numbers on 64-bit machines.
enum { most_threads = 4 << 20 };

/// Guards the two below.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t ended_wait;
static uint8_t ended[most_threads / 8];

static pthread_key_t at_end;

static int (*libc_pthread_create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

struct start {
    void *(*function)(void *);
    void *argument;
};

/// The second number of the calling thread's `schedstat`; 0 where the kernel does not keep it.
static uint64_t own_wait(void) {
    char text[128];
    int file = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) close(file);
    unsigned long long running, waiting;
    text[size < 0 ? 0 : size] = 0;
    return sscanf(text, "%llu %llu", &running, &waiting) == 2 ? waiting : 0;
}

static void mark(pid_t thread, bool has_ended) {
    uint8_t bit = (uint8_t)(1 << thread % 8);
    if (has_ended)
        ended[thread / 8] |= bit;
    else
        ended[thread / 8] &= (uint8_t)~bit;
}

static void end(void *is_set) {
    (void)is_set;
    counting_exclude_thread();
    uint64_t wait = own_wait();
    pthread_mutex_lock(&lock);
    ended_wait += wait;
    mark(gettid(), true);
    pthread_mutex_unlock(&lock);
}

static void *begin(void *argument) {
    struct start start = *(struct start *)argument;
    uncounted_free(argument);
    // An earlier thread may have had the number.
    pthread_mutex_lock(&lock);
    mark(gettid(), false);
    pthread_mutex_unlock(&lock);
    pthread_setspecific(at_end, &at_end);
    return start.function(start.argument);
}

static int counted_pthread_create(
    pthread_t *thread, const pthread_attr_t *attributes, void *(*function)(void *), void *argument) {
    struct start *start = uncounted_malloc(sizeof *start);
    if (!start) return libc_pthread_create(thread, attributes, function, argument);
    *start = (struct start){function, argument};
    int failure = libc_pthread_create(thread, attributes, begin, start);
    if (failure) uncounted_free(start);
    return failure;
}

const struct replacement replaced_threads[] = {
    {"pthread_create", (void *)counted_pthread_create, (void **)&libc_pthread_create},
    {NULL, NULL, NULL},
};

bool prepare_threads(void) { return pthread_key_create(&at_end, end) == 0; }

uint64_t counting_begin_threads(void) {
    pthread_mutex_lock(&lock);
    return ended_wait;
}

bool counting_has_ended(int thread) {
    return thread >= 0 && thread < most_threads && (ended[thread / 8] >> thread % 8 & 1);
}

void counting_end_threads(void) { pthread_mutex_unlock(&lock); }
