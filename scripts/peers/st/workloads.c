// SPDX-License-Identifier: Apache-2.0
//
// The workloads of threads and channels alone.

#include "channel.h"
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// ping-pong

struct table {
    struct channel there;
    struct channel back;
    long messages;
};

static void *return_incremented(void *argument) {
    struct table *table = argument;
    for (long message = 0; message < table->messages; ++message) put(&table->back, take(&table->there) + 1);
    return NULL;
}

struct result ping_pong(void) {
    struct table table = {.messages = parameter("messages")};
    st_thread_t peer = spawn(return_incremented, &table, true);
    wait_for_receivers(&table.there, 1);
    long counter = 0;
    long begin = now();
    for (long message = 0; message < table.messages; ++message) {
        put(&table.there, counter);
        counter = take(&table.back);
    }
    long end = now();
    st_thread_join(peer, NULL);
    return (struct result){end - begin, counter};
}

// yield

struct yielders {
    struct channel gate;
    long yields;
    long yielded;
};

static void *yield_repeatedly(void *argument) {
    struct yielders *yielders = argument;
    take(&yielders->gate);
    long count = 0;
    for (; count < yielders->yields; ++count) yield_now();
    yielders->yielded += count;
    return NULL;
}

struct result yields(void) {
    struct yielders yielders = {.yields = parameter("yields")};
    long count = parameter("tasklets");
    st_thread_t *threads = allocate(count, sizeof *threads);
    for (long index = 0; index < count; ++index) threads[index] = spawn(yield_repeatedly, &yielders, true);
    wait_for_receivers(&yielders.gate, count);
    long begin = now();
    for (long index = 0; index < count; ++index) put(&yielders.gate, 0);
    for (long index = 0; index < count; ++index) st_thread_join(threads[index], NULL);
    long end = now();
    free(threads);
    return (struct result){end - begin, yielders.yielded};
}

// ring

struct node {
    struct channel incoming;
    struct channel *outgoing;
    struct channel *finish;
    st_thread_t thread;
    long number;
    long *hops;
};

static void *pass_on(void *argument) {
    struct node *node = argument;
    long made = 0;
    long remaining;
    while ((remaining = take(&node->incoming)) >= 0) {
        if (remaining == 0) {
            put(node->finish, node->number);
        } else {
            made += 1;
            put(node->outgoing, remaining - 1);
        }
    }
    *node->hops += made;
    return NULL;
}

struct result ring(void) {
    long count = parameter("nodes");
    long hops = 0;
    struct channel finish = {0};
    struct node *nodes = allocate(count, sizeof *nodes);
    for (long number = 0; number < count; ++number) {
        struct channel *outgoing = &nodes[(number + 1) % count].incoming;
        nodes[number] = (struct node){.outgoing = outgoing, .finish = &finish, .number = number, .hops = &hops};
        nodes[number].thread = spawn(pass_on, &nodes[number], true);
    }
    for (long number = 0; number < count; ++number) wait_for_receivers(&nodes[number].incoming, 1);
    long begin = now();
    put(&nodes[0].incoming, parameter("hops"));
    long last = take(&finish);
    long end = now();
    for (long number = 0; number < count; ++number) put(&nodes[number].incoming, -1);
    for (long number = 0; number < count; ++number) st_thread_join(nodes[number].thread, NULL);
    free(nodes);
    return (struct result){end - begin, hops * count + last};
}

// spawn-join

struct addend {
    long number;
    long sum;
};

static void *add(void *argument) {
    struct addend *addend = argument;
    addend->sum += addend->number;
    return NULL;
}

struct result spawn_join(void) {
    struct addend addend = {0};
    long begin = now();
    for (; addend.number < parameter("count"); ++addend.number) st_thread_join(spawn(add, &addend, true), NULL);
    return (struct result){now() - begin, addend.sum};
}

// skynet

struct subtree {
    st_thread_t thread;
    long first;
    long leaves;
    long fan_out;
    long *total;
};

static void *sum_subtree(void *argument);

static void spawn_children(const struct subtree *tree, struct subtree *children, long count, long *sum) {
    long next = tree->first;
    for (long child = 0; child < count; ++child) {
        // The first children take the remainder.
        long share = tree->leaves / count + (child < tree->leaves % count);
        children[child] = (struct subtree){.first = next, .leaves = share, .fan_out = tree->fan_out, .total = sum};
        children[child].thread = spawn(sum_subtree, &children[child], true);
        next += share;
    }
}

static void *sum_subtree(void *argument) {
    struct subtree *tree = argument;
    if (tree->leaves == 1) {
        *tree->total += tree->first;
        return NULL;
    }
    long sum = 0;
    long count = tree->fan_out < tree->leaves ? tree->fan_out : tree->leaves;
    struct subtree *children = allocate(count, sizeof *children);
    spawn_children(tree, children, count, &sum);
    for (long child = 0; child < count; ++child) st_thread_join(children[child].thread, NULL);
    free(children);
    *tree->total += sum;
    return NULL;
}

struct result skynet(void) {
    long total = 0;
    struct subtree tree = {.leaves = parameter("leaves"), .fan_out = parameter("fan-out"), .total = &total};
    long begin = now();
    st_thread_join(spawn(sum_subtree, &tree, true), NULL);
    return (struct result){now() - begin, total};
}

// parked

struct shared {
    struct channel gate;
    long received;
    long finished;
};

static void *receive_one(void *argument) {
    struct shared *shared = argument;
    shared->received += take(&shared->gate);
    shared->finished += 1;
    return NULL;
}

static long resident_bytes(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1) exit(1);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

struct result parked(void) {
    struct shared shared = {0};
    long count = parameter("count");
    long before = resident_bytes();
    for (long number = 0; number < count; ++number) spawn(receive_one, &shared, false);
    wait_for_receivers(&shared.gate, count);
    long occupied = resident_bytes() - before;
    for (long number = 0; number < count; ++number) put(&shared.gate, number);
    while (shared.finished < count) yield_now();
    return (struct result){occupied, shared.received};
}
