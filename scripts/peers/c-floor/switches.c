// SPDX-License-Identifier: Apache-2.0
//
// ping-pong, yield and ring: stacks that swap to one another by name, without a scheduler. A message is left in memory.

#include "peer.h"
#include "stack.h"

#include <stdlib.h>

// ping-pong

struct table {
    struct stack main;
    struct stack peer;
    long message;
};

static void return_incremented(void *argument) {
    struct table *table = argument;
    for (;;) {
        swap(&table->peer, &table->main);
        table->message += 1;
    }
}

struct result ping_pong(void) {
    long messages = parameter("messages");
    struct table table = {0};
    char *memory = allocate_stacks(1);
    prepare(&table.peer, memory, 0, return_incremented, &table);
    swap(&table.main, &table.peer);
    long counter = 0;
    long begin = now();
    for (long message = 0; message < messages; ++message) {
        table.message = counter;
        swap(&table.main, &table.peer);
        counter = table.message;
    }
    long end = now();
    free_stacks(memory);
    return (struct result){end - begin, counter};
}

// A circle of stacks

struct circle;

struct node {
    struct stack stack;
    struct node *next;
    struct circle *circle;
    long number;
    long made; // hops or yields
};

struct circle {
    struct stack main;
    struct node *nodes;
    char *memory;
    long count;
    long token;
    long last;
    long yields;
};

// Starts the stacks; each waits until another swaps to it.
static void open_circle(struct circle *circle, long count, void (*body)(void *)) {
    circle->nodes = allocate(count, sizeof *circle->nodes);
    circle->memory = allocate_stacks(count);
    circle->count = count;
    for (long number = 0; number < count; ++number) {
        struct node *node = &circle->nodes[number];
        *node = (struct node){.next = &circle->nodes[(number + 1) % count], .circle = circle, .number = number};
        prepare(&node->stack, circle->memory, number, body, node);
        swap(&circle->main, &node->stack);
    }
}

// Returns what the stacks made.
static long close_circle(struct circle *circle) {
    long made = 0;
    for (long number = 0; number < circle->count; ++number) made += circle->nodes[number].made;
    free_stacks(circle->memory);
    free(circle->nodes);
    return made;
}

// yield

static void yield_repeatedly(void *argument) {
    struct node *self = argument;
    struct circle *circle = self->circle;
    swap(&self->stack, &circle->main);
    long count = 0;
    for (; count < circle->yields; ++count) swap(&self->stack, &self->next->stack);
    self->made = count;
    // All end in the same round, and the last one resumes the main stack.
    swap(&self->stack, self->next == circle->nodes ? &circle->main : &self->next->stack);
}

struct result yields(void) {
    struct circle circle = {.yields = parameter("yields")};
    open_circle(&circle, parameter("tasklets"), yield_repeatedly);
    long begin = now();
    swap(&circle.main, &circle.nodes[0].stack);
    long end = now();
    return (struct result){end - begin, close_circle(&circle)};
}

// ring

static void pass_on(void *argument) {
    struct node *self = argument;
    struct circle *circle = self->circle;
    swap(&self->stack, &circle->main);
    for (;;) {
        long remaining = circle->token;
        if (remaining == 0) {
            circle->last = self->number;
            swap(&self->stack, &circle->main);
        } else {
            self->made += 1;
            circle->token = remaining - 1;
            swap(&self->stack, &self->next->stack);
        }
    }
}

struct result ring(void) {
    struct circle circle = {.token = parameter("hops")};
    open_circle(&circle, parameter("nodes"), pass_on);
    long begin = now();
    swap(&circle.main, &circle.nodes[0].stack);
    long end = now();
    long nodes = circle.count;
    long last = circle.last;
    return (struct result){end - begin, close_circle(&circle) * nodes + last};
}
