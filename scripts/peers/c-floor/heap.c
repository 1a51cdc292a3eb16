// SPDX-License-Identifier: Apache-2.0

#include "heap.h"

#include "peer.h"

#include <stdlib.h>

struct heap *create_heap(long capacity) {
    struct heap *heap = allocate(1, sizeof *heap);
    heap->timers = allocate(capacity, sizeof *heap->timers);
    return heap;
}

void destroy_heap(struct heap *heap) {
    free(heap->timers);
    free(heap);
}

static void put(struct heap *heap, long place, struct timer *timer) {
    heap->timers[place] = timer;
    timer->place = place;
}

static void sift_up(struct heap *heap, long place, struct timer *timer) {
    while (place > 0) {
        long parent = (place - 1) / 2;
        if (heap->timers[parent]->deadline <= timer->deadline) break;
        put(heap, place, heap->timers[parent]);
        place = parent;
    }
    put(heap, place, timer);
}

static void sift_down(struct heap *heap, long place, struct timer *timer) {
    for (;;) {
        long child = 2 * place + 1;
        if (child >= heap->count) break;
        if (child + 1 < heap->count && heap->timers[child + 1]->deadline < heap->timers[child]->deadline) ++child;
        if (timer->deadline <= heap->timers[child]->deadline) break;
        put(heap, place, heap->timers[child]);
        place = child;
    }
    put(heap, place, timer);
}

void insert(struct heap *heap, struct timer *timer) {
    heap->count += 1;
    sift_up(heap, heap->count - 1, timer);
}

void withdraw(struct heap *heap, struct timer *timer) {
    heap->count -= 1;
    struct timer *last = heap->timers[heap->count];
    if (last == timer) return;
    if (last->deadline < timer->deadline) sift_up(heap, timer->place, last);
    else sift_down(heap, timer->place, last);
}
