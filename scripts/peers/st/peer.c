// SPDX-License-Identifier: Apache-2.0
//
// The workloads on State Threads. See ../README.md for the protocol.

#include <st.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// A waiting thread, on its own stack, and the value that it gets or offers.
struct waiter {
    st_thread_t thread;
    struct waiter *next;
    long value;
    bool done;
};

// A channel is a rendezvous: a queue of threads that wait, all of them to receive or all of them to send. A thread that
// finds
// a partner hands the value over on the partner's stack, and makes the partner runnable with st_thread_interrupt.
struct channel {
    struct waiter *first;
    struct waiter *last;
    long receivers;
    long senders;
};

static void *allocate(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (memory == NULL) {
        puts("{\"error\": \"out of memory\"}");
        exit(1);
    }
    return memory;
}

static st_thread_t spawn(void *(*start)(void *), void *argument, bool joinable) {
    st_thread_t thread = st_thread_create(start, argument, joinable, 0);
    if (thread == NULL) {
        puts("{\"error\": \"a thread cannot be created\"}");
        exit(1);
    }
    return thread;
}

static void wait_in(struct channel *channel, struct waiter *waiter) {
    if (channel->first == NULL) channel->first = waiter;
    else channel->last->next = waiter;
    channel->last = waiter;
    while (!waiter->done) st_usleep(ST_UTIME_NO_TIMEOUT);
}

static struct waiter *wake_first(struct channel *channel) {
    struct waiter *waiter = channel->first;
    channel->first = waiter->next;
    waiter->done = true;
    st_thread_interrupt(waiter->thread);
    return waiter;
}

static void put(struct channel *channel, long value) {
    if (channel->receivers > 0) {
        channel->receivers -= 1;
        wake_first(channel)->value = value;
        return;
    }
    struct waiter self = {.thread = st_thread_self(), .value = value};
    channel->senders += 1;
    wait_in(channel, &self);
}

static long take(struct channel *channel) {
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
static void yield_now(void) { st_usleep(0); }

static void wait_for_receivers(struct channel *channel, long count) {
    while (channel->receivers < count) yield_now();
}

// What one run measures, and its answer.
struct result {
    long measure;
    long answer;
};

// The parameters, of which a workload uses one or two, in the order of the table.
struct parameters {
    long first;
    long second;
};

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000L + time.tv_nsec;
}

static long resident_bytes(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1) exit(1);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

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

static struct result ping_pong(struct parameters parameters) {
    struct table table = {.messages = parameters.first};
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

static struct result yields(struct parameters parameters) {
    struct yielders yielders = {.yields = parameters.second};
    long count = parameters.first;
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

static struct result ring(struct parameters parameters) {
    long count = parameters.first;
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
    put(&nodes[0].incoming, parameters.second);
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

static struct result spawn_join(struct parameters parameters) {
    struct addend addend = {0};
    long begin = now();
    for (; addend.number < parameters.first; ++addend.number) st_thread_join(spawn(add, &addend, true), NULL);
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

static struct result skynet(struct parameters parameters) {
    long total = 0;
    struct subtree tree = {.leaves = parameters.first, .fan_out = parameters.second, .total = &total};
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

static struct result parked(struct parameters parameters) {
    struct shared shared = {0};
    long count = parameters.first;
    long before = resident_bytes();
    for (long number = 0; number < count; ++number) spawn(receive_one, &shared, false);
    wait_for_receivers(&shared.gate, count);
    long occupied = resident_bytes() - before;
    for (long number = 0; number < count; ++number) put(&shared.gate, number);
    while (shared.finished < count) yield_now();
    return (struct result){occupied, shared.received};
}

// the protocol

struct workload {
    const char *name;
    const char *parameters[2];
    const char *measure;
    struct result (*run)(struct parameters);
};

static const struct workload workloads[] = {
    {"ping-pong", {"messages"}, "nanoseconds", ping_pong},
    {"yield", {"tasklets", "yields"}, "nanoseconds", yields},
    {"ring", {"nodes", "hops"}, "nanoseconds", ring},
    {"spawn-join", {"count"}, "nanoseconds", spawn_join},
    {"skynet", {"leaves", "fan-out"}, "nanoseconds", skynet},
    {"parked", {"count"}, "bytes", parked},
};
static const size_t workload_count = sizeof workloads / sizeof *workloads;

static int announce(void) {
    printf("{\"protocol\": 1, \"name\": \"st\", \"version\": \"State Threads " ST_VERSION "\", \"workloads\": [");
    for (size_t index = 0; index < workload_count; ++index) {
        printf("%s\"%s\"", index > 0 ? ", " : "", workloads[index].name);
    }
    puts("]}");
    return 0;
}

// The value of the argument NAME=VALUE; 0 if the workload has no such parameter, or nobody gave it.
static long parameter(const char *name, char **arguments) {
    for (; name != NULL && *arguments != NULL; ++arguments) {
        size_t length = strlen(name);
        if (strncmp(*arguments, name, length) == 0 && (*arguments)[length] == '=') return atol(*arguments + length + 1);
    }
    return 0;
}

static void answer_lines(const struct workload *workload, struct parameters parameters) {
    long times;
    while (scanf(" run %ld", &times) == 1) {
        struct result total = {0};
        for (long time = 0; time < times; ++time) {
            struct result result = workload->run(parameters);
            total.measure += result.measure;
            total.answer = result.answer;
        }
        printf("{\"%s\": %ld, \"answer\": %ld}\n", workload->measure, total.measure, total.answer);
        fflush(stdout);
    }
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "announce") == 0) return announce();
    for (size_t index = 0; count > 1 && index < workload_count; ++index) {
        const struct workload *workload = &workloads[index];
        if (strcmp(arguments[1], workload->name) != 0) continue;
        struct parameters parameters = {parameter(workload->parameters[0], arguments + 2),
                                        parameter(workload->parameters[1], arguments + 2)};
        st_set_eventsys(ST_EVENTSYS_ALT);
        if (st_init() != 0) return 1;
        // Otherwise all stacks begin at the same offset in a page, and compete for the same cache lines.
        st_randomize_stacks(1);
        answer_lines(workload, parameters);
        return 0;
    }
    fputs("usage: peer announce | peer WORKLOAD NAME=VALUE ...\n", stderr);
    return 2;
}
