// SPDX-License-Identifier: Apache-2.0

#include "stack.h"

#include "peer.h"

#include <stdint.h>
#include <stdlib.h>

// A page and three cache lines: the tops of stacks a whole number of pages apart compete for the same lines of the
// first-level cache. The bodies are small, and call nothing that needs more.
enum { STRIDE = 4096 + 3 * 64 };

// The registers that swap saves; swap.S has their order.
#ifdef __x86_64__
enum { SAVED = 7 };
#else
enum { SAVED = 20 };
#endif

struct frame {
    void *argument;
    void (*body)(void *);
    void *others[SAVED - 3];
    void (*entry)(void);
};

void swap_entry(void);

char *allocate_stacks(long count) { return allocate(count + 1, STRIDE); }

void free_stacks(char *memory) { free(memory); }

void prepare(struct stack *stack, char *memory, long index, void (*body)(void *), void *argument) {
    uintptr_t end = ((uintptr_t)memory + (index + 1) * STRIDE) & ~(uintptr_t)15;
    struct frame *frame = (struct frame *)end - 1;
    *frame = (struct frame){.argument = argument, .body = body, .entry = swap_entry};
    stack->top = frame;
}
