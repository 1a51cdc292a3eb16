// SPDX-License-Identifier: Apache-2.0
//
// ping-pong and ring between threads of the kernel; the peer's folder has the channels.
// See ../README.md for the protocol.

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static _Noreturn void fail(const char *sentence) {
    printf("{\"error\": \"%s\"}\n", sentence);
    exit(1);
}

#include "channel.h"

struct result {
    long nanoseconds;
    long answer;
};

struct node {
    pthread_t thread;
    struct channel incoming;
    struct channel *outgoing;
    struct channel *finish;
    long number;
    long count; // of messages to return, or of hops made
};

static atomic_long arrived;

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000L + time.tv_nsec;
}

static void start(struct node *node, void *(*body)(void *)) {
    if (pthread_create(&node->thread, NULL, body, node) != 0) fail("a thread cannot be created");
}

// Runs all others until they wait: there is one processor, and what has arrived waits right after.
static void let_others_wait(long count) {
    while (atomic_load(&arrived) < count) sched_yield();
    sched_yield();
    atomic_store(&arrived, 0);
}

static void *return_incremented(void *argument) {
    struct node *node = argument;
    atomic_fetch_add(&arrived, 1);
    for (long message = 0; message < node->count; ++message) put(node->outgoing, take(&node->incoming) + 1);
    return NULL;
}

static struct result ping_pong(long messages, long unused) {
    (void)unused;
    struct channel back;
    struct node peer = {.outgoing = &back, .count = messages};
    open_channel(&back);
    open_channel(&peer.incoming);
    start(&peer, return_incremented);
    let_others_wait(1);
    long counter = 0;
    long begin = now();
    for (long message = 0; message < messages; ++message) {
        put(&peer.incoming, counter);
        counter = take(&back);
    }
    long end = now();
    pthread_join(peer.thread, NULL);
    close_channel(&peer.incoming);
    close_channel(&back);
    return (struct result){end - begin, counter};
}

static void *pass_on(void *argument) {
    struct node *node = argument;
    long made = 0;
    long remaining;
    atomic_fetch_add(&arrived, 1);
    while ((remaining = take(&node->incoming)) >= 0) {
        if (remaining == 0) {
            put(node->finish, node->number);
        } else {
            made += 1;
            put(node->outgoing, remaining - 1);
        }
    }
    node->count = made;
    return NULL;
}

static struct node *open_ring(long count, struct channel *finish) {
    struct node *nodes = calloc(count, sizeof *nodes);
    if (nodes == NULL) fail("out of memory");
    for (long number = 0; number < count; ++number) {
        struct channel *outgoing = &nodes[(number + 1) % count].incoming;
        nodes[number] = (struct node){.outgoing = outgoing, .finish = finish, .number = number};
    }
    for (long number = 0; number < count; ++number) open_channel(&nodes[number].incoming);
    for (long number = 0; number < count; ++number) start(&nodes[number], pass_on);
    let_others_wait(count);
    return nodes;
}

// Returns the hops that the nodes made.
static long close_ring(struct node *nodes, long count) {
    long hops = 0;
    for (long number = 0; number < count; ++number) put(&nodes[number].incoming, -1);
    for (long number = 0; number < count; ++number) {
        pthread_join(nodes[number].thread, NULL);
        close_channel(&nodes[number].incoming);
        hops += nodes[number].count;
    }
    free(nodes);
    return hops;
}

static struct result ring(long count, long hops) {
    struct channel finish;
    open_channel(&finish);
    struct node *nodes = open_ring(count, &finish);
    long begin = now();
    put(&nodes[0].incoming, hops);
    long last = take(&finish);
    long end = now();
    close_channel(&finish);
    return (struct result){end - begin, close_ring(nodes, count) * count + last};
}

// the protocol

struct workload {
    const char *name;
    const char *parameters[2];
    struct result (*run)(long, long);
};

static const struct workload workloads[] = {
    {"ping-pong", {"messages", NULL}, ping_pong},
    {"ring", {"nodes", "hops"}, ring},
};

// The value of the argument NAME=VALUE.
static long parameter(const char *name, char **arguments) {
    if (name == NULL) return 0;
    size_t length = strlen(name);
    for (; *arguments != NULL; ++arguments) {
        if (strncmp(*arguments, name, length) == 0 && (*arguments)[length] == '=') return atol(*arguments + length + 1);
    }
    fail("a parameter is missing");
}

static void answer_lines(const struct workload *workload, long first, long second) {
    long times;
    while (scanf(" run %ld", &times) == 1) {
        struct result total = {0};
        for (long time = 0; time < times; ++time) {
            struct result result = workload->run(first, second);
            total.nanoseconds += result.nanoseconds;
            total.answer = result.answer;
        }
        printf("{\"nanoseconds\": %ld, \"answer\": %ld}\n", total.nanoseconds, total.answer);
        fflush(stdout);
    }
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "announce") == 0) {
        puts("{\"protocol\": 1, \"floor\": true, \"name\": \"" PEER_NAME "\", \"version\": \"gcc " __VERSION__ "\", "
             "\"workloads\": [\"ping-pong\", \"ring\"]}");
        return 0;
    }
    for (size_t index = 0; count > 1 && index < sizeof workloads / sizeof *workloads; ++index) {
        const struct workload *workload = &workloads[index];
        if (strcmp(arguments[1], workload->name) != 0) continue;
        answer_lines(workload, parameter(workload->parameters[0], arguments + 2),
                     parameter(workload->parameters[1], arguments + 2));
        return 0;
    }
    fputs("usage: peer announce | peer WORKLOAD NAME=VALUE ...\n", stderr);
    return 2;
}
