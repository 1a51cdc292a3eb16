// SPDX-License-Identifier: Apache-2.0
//
// A binary heap of deadlines.

#ifndef HEAP_H
#define HEAP_H

struct timer {
    long deadline;
    long place;
};

struct heap {
    struct timer **timers;
    long count;
};

struct heap *create_heap(long capacity);
void destroy_heap(struct heap *heap);
void insert(struct heap *heap, struct timer *timer);
void withdraw(struct heap *heap, struct timer *timer);

#endif
